import type { Webhook } from '@savepoint/adapters/notices/webhook.ts';
import type { AwsEndpoint } from '@savepoint/adapters/aws-endpoint.ts';
import type { CompletionNotice } from '@savepoint/core/completion-notice.ts';
import { PipelineError, toPipelineError } from '@savepoint/core/errors.ts';
import { errorForLog, type Log } from './log.ts';
import type { NoticeReceivers } from './notice-receivers.ts';

/** Tells of imports that ended. Nothing here fails an import: what cannot be sent in time is logged. */
export type Notices = {
  /** Where the HTTP API is, for links; undefined where nobody told. */
  apiUrl: string | undefined;
  send(notice: CompletionNotice): void;
  /** Whether some are neither sent nor given up. */
  areUnderway(): boolean;
  /** Resolves when all are sent or given up: 20 seconds after the last `send`, or after `withinSeconds`, at the latest. */
  sent(withinSeconds: number): Promise<void>;
};

const limits = { tries: 3, timeoutSeconds: 5 };
/** For a notice with all of its tries, fetching the key included. */
const noticeSeconds = 20;

type Sending = { done: Promise<void>; giveUp(): void };

export function createNotices(
  { topicArn, webhook }: NoticeReceivers,
  { aws, log, apiUrl }: { aws: AwsEndpoint; log: Log; apiUrl?: string | undefined },
): Notices {
  const underway = new Set<Sending>();
  const { url, key } = webhook ?? {};
  if (url && !key)
    log.warn('no notice will be sent: COMPLETION_WEBHOOK_URL is set without COMPLETION_WEBHOOK_KEY');
  const begin = (send: (signal: AbortSignal) => Promise<void>) => {
    const stop = new AbortController();
    const stopped = Promise.withResolvers<never>();
    const giveUp = () => {
      stopped.reject(outOfTime());
      stop.abort();
    };
    const timer = setTimeout(giveUp, noticeSeconds * 1000);
    const done = Promise.race([stopped.promise, send(stop.signal)])
      .catch((error) =>
        log.warn('could not tell of the end of an import', errorForLog(toPipelineError(error))),
      )
      .finally(() => {
        clearTimeout(timer);
        underway.delete(sending);
      });
    const sending = { done, giveUp };
    underway.add(sending);
  };
  return {
    apiUrl,
    send(notice) {
      if (url && key) begin((signal) => post({ url, key }, notice, signal));
      if (topicArn) begin((signal) => publish(topicArn, notice, aws, signal));
    },
    areUnderway: () => underway.size > 0,
    async sent(withinSeconds) {
      const now = [...underway];
      const timer = setTimeout(() => {
        for (const { giveUp } of now) giveUp();
      }, withinSeconds * 1000);
      await Promise.all(now.map(({ done }) => done));
      clearTimeout(timer);
    },
  };
}

const outOfTime = () =>
  new PipelineError('NOTICE_NOT_SENT', "The notice of an import's end was not taken in time.", {
    retryable: true,
    operatorHint: 'Look at the receiver of the notices: it answers slowly, or not at all.',
  });

// Both clients are loaded only where they are configured, so that they cost nobody else a slower start.

async function post(webhook: Webhook, notice: CompletionNotice, signal: AbortSignal): Promise<void> {
  const { sendToWebhook } = await import('@savepoint/adapters/notices/webhook.ts');
  await sendToWebhook(webhook, notice, { ...limits, signal });
}

async function publish(
  topicArn: string,
  notice: CompletionNotice,
  aws: AwsEndpoint,
  signal: AbortSignal,
): Promise<void> {
  const { publishToTopic } = await import('@savepoint/adapters/notices/topic.ts');
  await publishToTopic(topicArn, notice, aws, { ...limits, signal });
}
