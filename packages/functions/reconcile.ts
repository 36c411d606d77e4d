import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { createImportRecords } from '@savepoint/adapters/s3/import-records.ts';
import { createStoredObjects } from '@savepoint/adapters/s3/stored-objects.ts';
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
export function createReconcile({ aws, bucket, deployment }: Env, log: Log) {
  const s3 = createS3Client(aws);
  const sqs = createSqsClient(aws);
  const ports = {
    bucket,
    objects: createStoredObjects(s3, bucket),
    records: createImportRecords(s3, bucket),
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
    return found;
  };
}

export const handler = lambdaHandler('reconcile', [], createReconcile);
