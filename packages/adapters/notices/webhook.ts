import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CompletionNotice } from '@savepoint/core/completion-notice.ts';
import { PipelineError, ValidationError } from '@savepoint/core/errors.ts';
import { secrets } from '@savepoint/core/secrets.ts';
import { Webhook as Signer } from 'standardwebhooks';
import * as v from 'valibot';
import { exchange, type HttpAnswer, type NoAnswer } from '../http/exchange.ts';
import type { Secret } from '../secrets/secret.ts';

export type Webhook = {
  url: string;
  /** In the form that core/secrets.ts describes. */
  key: Secret;
};

/** @property signal when it aborts, nothing more is tried. */
export type WebhookLimits = { tries: number; timeoutSeconds: number; signal?: AbortSignal };

/**
 * POSTs a notice, signed as https://www.standardwebhooks.com says. Tried `tries` times while the receiver fails; every
 * try carries the same id, so that a receiver can tell a repetition. Its status is its answer: the body is not read.
 * @throws ValidationError NOTICE_KEY_INVALID
 * @throws PipelineError NOTICE_REFUSED, without the URL, which may hold a secret.
 */
export async function sendToWebhook(
  { url, key }: Webhook,
  notice: CompletionNotice,
  { tries, timeoutSeconds, signal }: WebhookLimits,
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
  for (let tried = 1; ; tried++) {
    const answer = await exchange({
      method: 'post',
      url,
      headers,
      body,
      timeoutSeconds,
      maxBytes: 0,
      signal,
    });
    if (answer.status !== null && answer.status >= 200 && answer.status < 300) return;
    const pauseSeconds = tried < tries ? pauseAfter(answer, tried) : undefined;
    if (pauseSeconds === undefined) throw refused(answer);
    // Stopped meanwhile, the next try ends at once.
    await sleep(pauseSeconds * 1000, undefined, signal && { signal }).catch(() => undefined);
  }
}

const retriedStatuses = [408, 425, 429, 500, 502, 503, 504];
/** A receiver that asks for more is given up, because a stage waits meanwhile. */
const maxPauseSeconds = 5;

/** Until the next try; undefined when it makes no sense, or not so soon. */
function pauseAfter(answer: HttpAnswer | NoAnswer, tried: number): number | undefined {
  const ownSeconds = 0.3 * 2 ** (tried - 1);
  if (answer.status === null) return answer.reason === 'stopped' ? undefined : ownSeconds;
  if (!retriedStatuses.includes(answer.status)) return undefined;
  const pauseSeconds = Math.max(ownSeconds, answer.retryAfterSeconds ?? 0);
  return pauseSeconds <= maxPauseSeconds ? pauseSeconds : undefined;
}

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

function refused(answer: HttpAnswer | NoAnswer): PipelineError {
  const reason = answer.status === null ? answer.reason : `HTTP ${answer.status}`;
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
