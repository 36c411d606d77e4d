import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { type Reconciliation, reconcile } from '@savepoint/core/operations/reconcile.ts';
import type { AskedAgain } from '@savepoint/core/operations/ask-again.ts';
import type { Round } from '@savepoint/core/operations/heal.ts';
import { createAskingAgain } from './runtime/asking-again.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import type { Log } from './runtime/log.ts';
import { createSelfHealing } from './runtime/self-healing.ts';

/** Long enough for S3's slowest announcements. */
const olderThanSeconds = 15 * 60;
/** Runs hourly; a week gives somebody the time to notice that it does not. */
const newerThanSeconds = 7 * 24 * 60 * 60;

/**
 * Called on a schedule: queues what S3 never announced, heals what was given up, asks again what IGDB refused, and
 * answers what it found.
 */
export function createReconcile(env: Env, log: Log) {
  const { aws, bucketName, deployment } = env;
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
  const selfHealing = createSelfHealing(env, log, { bucket, sqs });
  const askingAgain = createAskingAgain(env, log, { bucket, sqs });
  return async (): Promise<Reconciliation & { healed: Round[]; asked_again: AskedAgain }> => {
    const found = await reconcile(ports, { olderThanSeconds, newerThanSeconds, dryRun: false });
    const counts = { queued: found.queued.length, postponed: found.postponed.length };
    if (counts.queued > 0)
      log.warn('queued imports whose message never came', { ...counts, gaps: found.queued });
    else log.info('looked for imports whose message never came', counts);
    if (found.strays.length > 0)
      log.warn('files lie among the libraries that nobody will read', { strays: found.strays });
    return { ...found, healed: await selfHealing(), asked_again: await askingAgain() };
  };
}

export const handler = lambdaHandler('reconcile', createReconcile);
