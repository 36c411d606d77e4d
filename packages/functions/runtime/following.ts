import { setTimeout as delay } from 'node:timers/promises';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import { createFollowingPosition, createFollows } from '@savepoint/adapters/s3/follows.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { type Followed, importFollowed } from '@savepoint/core/operations/import-followed.ts';
import type { Env } from './env.ts';
import type { Log } from './log.ts';

/** A run that sends the imports of followed libraries that are due, told in the log. */
export function createFollowing(
  { deployment }: Pick<Env, 'deployment'>,
  log: Log,
  { bucket, sqs, now = () => new Date() }: { bucket: Bucket; sqs: SQSClient; now?: () => Date },
): (shouldStop: () => boolean) => Promise<Followed> {
  const ports = {
    follows: createFollows(bucket),
    position: createFollowingPosition(bucket),
    statuses: createImportStatusStore(bucket),
    queues: createStageQueues(sqs, deployment),
    now,
    pause: (seconds: number) => delay(seconds * 1000),
  };
  return async (shouldStop) => {
    const done = await importFollowed(ports, shouldStop);
    if (done.sent > 0 || done.postponed) log.info('asked for the imports of followed libraries', done);
    return done;
  };
}
