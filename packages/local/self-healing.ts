import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import type { Env } from '@savepoint/functions/runtime/env.ts';
import type { Log } from '@savepoint/functions/runtime/log.ts';
import { createSelfHealing } from '@savepoint/functions/runtime/self-healing.ts';

/** An hour in the cloud; here attempts are spent within two minutes. */
const intervalMs = 5 * 60 * 1000;

/** Sends back what was given up and may pass now, as the function `reconcile` does in the cloud. */
export function startSelfHealing(
  env: Env,
  log: Log,
  clients: { bucket: Bucket; sqs: SQSClient },
): { close(): Promise<void> } {
  const run = createSelfHealing(env, log, clients);
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(run)
      .then(() => undefined)
      .catch((error) => log.warn('self-healing could not run', { reason: (error as Error).message }));
  }, intervalMs);
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
