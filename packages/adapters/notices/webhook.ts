import { randomUUID } from 'node:crypto';
import type { CompletionNotice } from '@savepoint/core/completion-notice.ts';
import { PipelineError, ValidationError } from '@savepoint/core/errors.ts';
import { secrets } from '@savepoint/core/secrets.ts';
import ky from 'ky';
import { Webhook as Signer } from 'standardwebhooks';
import * as v from 'valibot';
import type { Secret } from '../secrets/secret.ts';

export type Webhook = {
  url: string;
  /** In the form that core/secrets.ts describes. */
  key: Secret;
};

/**
 * POSTs a notice, signed as https://www.standardwebhooks.com says. Tried `tries` times while the receiver fails; every
 * try carries the same id, so that a receiver can tell a repetition.
 * @throws ValidationError NOTICE_KEY_INVALID
 * @throws PipelineError NOTICE_REFUSED, without the URL, which may hold a secret.
 */
export async function sendToWebhook(
  { url, key }: Webhook,
  notice: CompletionNotice,
  { tries, timeoutSeconds }: { tries: number; timeoutSeconds: number },
): Promise<void> {
  const body = JSON.stringify(notice);
  const id = randomUUID();
  const signer = await signerOf(key);
  const now = new Date();
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': signer.sign(id, now, body),
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

/** A key that is unusable is fetched once more, since somebody may have corrected it. */
async function signerOf(key: Secret): Promise<Signer> {
  const kept = await key();
  const text = v.is(secrets.webhookKey.format, kept) ? kept : await key({ refresh: true });
  if (v.is(secrets.webhookKey.format, text)) return new Signer(text);
  throw new ValidationError(
    'NOTICE_KEY_INVALID',
    "The notice of an import's end was not sent, because the webhook's signing key is not base64.",
    {
      operatorHint:
        'Put the output of `openssl rand -base64 32` into COMPLETION_WEBHOOK_KEY, or into the secret that COMPLETION_WEBHOOK_KEY_SECRET names, and give the same key to the receiver.',
    },
  );
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
