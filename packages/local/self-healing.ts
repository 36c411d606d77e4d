import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import { createAskingAgain } from '@savepoint/functions/runtime/asking-again.ts';
import type { Env } from '@savepoint/functions/runtime/env.ts';
import type { Log } from '@savepoint/functions/runtime/log.ts';
import { createSelfHealing } from '@savepoint/functions/runtime/self-healing.ts';

/** An hour in the cloud; here attempts are spent within two minutes. */
const intervalMs = 5 * 60 * 1000;

/** Sends back what was given up and may pass now, or what IGDB refused, as the function `reconcile` does in the cloud. */
export function startSelfHealing(
  env: Env,
  log: Log,
  clients: { bucket: Bucket; sqs: SQSClient },
): { close(): Promise<void> } {
  const runs = [createSelfHealing(env, log, clients), createAskingAgain(env, log, clients)];
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(async () => {
        for (const run of runs) await run();
      })
      .catch((error) => log.warn('self-healing could not run', { reason: (error as Error).message }));
  }, intervalMs);
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
