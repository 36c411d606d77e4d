import type { Webhook } from '@savepoint/adapters/notices/webhook.ts';
import type { AwsEndpoint } from '@savepoint/adapters/aws-endpoint.ts';
import type { CompletionNotice } from '@savepoint/core/completion-notice.ts';
import { toPipelineError } from '@savepoint/core/errors.ts';
import { errorForLog, type Log } from './log.ts';

/** Who hears of an import's end; nobody, unless the deployment names them. */
export type NoticeReceivers = {
  topicArn: string | undefined;
  /** Nothing goes out unsigned: without a key the notices stay here, and the log says so. */
  webhook: { url: string; key: Webhook['key'] | undefined } | undefined;
};

/** Tells of imports that ended. Nothing here fails or delays an import: what can not be sent is logged. */
export type Notices = {
  send(notice: CompletionNotice): void;
  /** Resolves when all notices are sent or given up, at most some 20 seconds after the last `send`. */
  sent(): Promise<void>;
};

const limits = { tries: 3, timeoutSeconds: 5 };

export function createNotices(
  { topicArn, webhook }: NoticeReceivers,
  { aws, log }: { aws: AwsEndpoint; log: Log },
): Notices {
  const underway = new Set<Promise<void>>();
  const { url, key } = webhook ?? {};
  if (url && !key)
    log.warn('no notice will be sent: COMPLETION_WEBHOOK_URL is set without COMPLETION_WEBHOOK_KEY');
  const keep = (sending: Promise<void>) => {
    const kept = sending
      .catch((error) =>
        log.warn('could not tell of the end of an import', errorForLog(toPipelineError(error))),
      )
      .finally(() => underway.delete(kept));
    underway.add(kept);
  };
  return {
    send(notice) {
      if (url && key) keep(post({ url, key }, notice));
      if (topicArn) keep(publish(topicArn, notice, aws));
    },
    sent: async () => void (await Promise.all(underway)),
  };
}

// Both clients are loaded only where they are configured, so that they cost nobody else a slower start.

async function post(webhook: Webhook, notice: CompletionNotice): Promise<void> {
  const { sendToWebhook } = await import('@savepoint/adapters/notices/webhook.ts');
  await sendToWebhook(webhook, notice, limits);
}

async function publish(topicArn: string, notice: CompletionNotice, aws: AwsEndpoint): Promise<void> {
  const { publishToTopic } = await import('@savepoint/adapters/notices/topic.ts');
  await publishToTopic(topicArn, notice, aws, limits);
}
