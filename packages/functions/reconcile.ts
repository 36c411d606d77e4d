import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { type Reconciliation, reconcile } from '@savepoint/core/operations/reconcile.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import type { Log } from './runtime/log.ts';

/** Long enough for S3's slowest announcements. */
const olderThanSeconds = 15 * 60;
/** Runs hourly; a week gives somebody the time to notice that it does not. */
const newerThanSeconds = 7 * 24 * 60 * 60;

/** Called on a schedule: queues what S3 never announced, and answers what it found. */
export function createReconcile({ aws, bucketName, deployment }: Env, log: Log) {
  const bucket = createBucket(createS3Client(aws), bucketName);
  const sqs = createSqsClient(aws);
  const ports = {
    bucketName,
    objects: bucket,
    statuses: createImportStatusStore(bucket),
    queues: createStageQueues(sqs, deployment),
    deadLetters: createDeadLetters(sqs, deployment),
    now: () => new Date(),
  };
  return async (): Promise<Reconciliation> => {
    const found = await reconcile(ports, { olderThanSeconds, newerThanSeconds, dryRun: false });
    const counts = { queued: found.queued.length, postponed: found.postponed.length };
    if (counts.queued > 0)
      log.warn('queued imports whose message never came', { ...counts, gaps: found.queued });
    else log.info('looked for imports whose message never came', counts);
    if (found.strays.length > 0)
      log.warn('files lie among the libraries that nobody will read', { strays: found.strays });
    return found;
  };
}

export const handler = lambdaHandler('reconcile', createReconcile);
