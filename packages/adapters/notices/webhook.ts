import { createHmac, randomUUID } from 'node:crypto';
import type { CompletionNotice } from '@savepoint/core/completion-notice.ts';
import { PipelineError } from '@savepoint/core/errors.ts';
import ky from 'ky';

export type Webhook = {
  url: string;
  /** `whsec_` and base64, or any other text. */
  key: () => Promise<string>;
};

/**
 * POSTs a notice, signed as https://www.standardwebhooks.com says: `webhook-signature` is `v1,` and the base64 of the
 * HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}`. Tried `tries` times while the receiver fails; every try
 * carries the same id, so that a receiver can tell a repetition.
 * @throws PipelineError NOTICE_REFUSED, without the URL, which may hold a secret.
 */
export async function sendToWebhook(
  { url, key }: Webhook,
  notice: CompletionNotice,
  { tries, timeoutSeconds }: { tries: number; timeoutSeconds: number },
): Promise<void> {
  const body = JSON.stringify(notice);
  const id = randomUUID();
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign(await key(), `${id}.${timestamp}.${body}`),
  };
  try {
    await ky.post(url, {
      body,
      headers,
      redirect: 'error',
      timeout: timeoutSeconds * 1000,
      retry: { limit: tries - 1, methods: ['post'], statusCodes: retriedStatuses, retryOnTimeout: true },
    });
  } catch (error) {
    throw refused(error);
  }
}

const retriedStatuses = [408, 425, 429, 500, 502, 503, 504];
const keyPrefix = 'whsec_';

export function sign(key: string, text: string): string {
  const bytes = key.startsWith(keyPrefix) ? Buffer.from(key.slice(keyPrefix.length), 'base64') : key;
  return `v1,${createHmac('sha256', bytes).update(text).digest('base64')}`;
}

function refused(error: unknown): PipelineError {
  const status = (error as { response?: { status?: number } }).response?.status;
  const reason = status === undefined ? (error as Error).name : `HTTP ${status}`;
  return new PipelineError(
    'NOTICE_REFUSED',
    `The webhook did not take the notice of an import's end (${reason}).`,
    {
      retryable: true,
      operatorHint: 'Look at the receiver of COMPLETION_WEBHOOK_URL.',
      details: { reason },
    },
  );
}
