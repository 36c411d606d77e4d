import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import { slotMs } from '@savepoint/core/contracts/follow.ts';
import type { Env } from '@savepoint/functions/runtime/env.ts';
import { createFollowing } from '@savepoint/functions/runtime/following.ts';
import type { Log } from '@savepoint/functions/runtime/log.ts';

/** Imports followed libraries when they are due, as the function `follow` does in the cloud; at once what was missed. */
export function startFollowing(
  env: Env,
  log: Log,
  clients: { bucket: Bucket; sqs: SQSClient },
): { close(): Promise<void> } {
  const following = createFollowing(env, log, clients);
  let isClosing = false;
  let running = Promise.resolve();
  const run = () => {
    running = running
      .then(async () => {
        if (!isClosing) await following(() => isClosing);
      })
      .catch((error) =>
        log.warn('could not look for followed libraries', { reason: (error as Error).message }),
      );
  };
  run();
  const timer = setInterval(run, slotMs);
  return {
    close: async () => {
      isClosing = true;
      clearInterval(timer);
      await running;
    },
  };
}
