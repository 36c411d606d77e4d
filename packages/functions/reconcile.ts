import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import { createIndexedMark } from '@savepoint/adapters/s3/indexed-mark.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { indexImports } from '@savepoint/core/operations/index-imports.ts';
import { type Reconciliation, reconcile } from '@savepoint/core/operations/reconcile.ts';
import type { AskedAgain } from '@savepoint/core/operations/ask-again.ts';
import type { Round } from '@savepoint/core/operations/heal.ts';
import * as v from 'valibot';
import { createAskingAgain } from './runtime/asking-again.ts';
import { bucketOf } from './runtime/bucket.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import type { Log } from './runtime/log.ts';
import { createSelfHealing } from './runtime/self-healing.ts';

/** Long enough for S3's slowest announcements. */
const olderThanSeconds = 15 * 60;
/** Runs hourly; a week gives somebody the time to notice that it does not. */
const newerThanSeconds = 7 * 24 * 60 * 60;

/** What the daily schedule says: every import is looked at, not those alone that are open. */
const Sweep = v.object({ all: v.literal(true) });

type Answer = Reconciliation & { indexed: number; healed: Round[]; asked_again: AskedAgain };

/**
 * Called on a schedule: queues what S3 never announced, heals what was given up, asks again what IGDB refused, and
 * answers what it found.
 */
export function createReconcile(env: Env, log: Log) {
  const { aws, bucketName, deployment } = env;
  const bucket = bucketOf(env);
  const sqs = createSqsClient(aws);
  const index = createImportIndex(bucket);
  const ports = {
    bucketName,
    objects: bucket,
    index,
    indexed: createIndexedMark(bucket),
    statuses: createImportStatusStore(bucket),
    queues: createStageQueues(sqs, deployment),
    deadLetters: createDeadLetters(sqs, deployment, { beforeSendingBack: index.reopen }),
    now: () => new Date(),
  };
  const selfHealing = createSelfHealing(env, log, { bucket, sqs });
  const askingAgain = createAskingAgain(env, log, { bucket, sqs });
  return async (event?: unknown): Promise<Answer> => {
    // The first run after the index came takes in what was imported before.
    const all = v.is(Sweep, event) || !(await ports.indexed.isDone());
    const found = await reconcile(ports, { olderThanSeconds, newerThanSeconds, dryRun: false, all });
    const indexed = all ? await indexImports(ports) : 0;
    if (indexed > 0) log.info('took imports into the index that it lacked', { imports: indexed });
    const counts = { queued: found.queued.length, postponed: found.postponed.length };
    if (counts.queued > 0)
      log.warn('queued imports whose message never came', { ...counts, gaps: found.queued });
    else log.info('looked for imports whose message never came', counts);
    if (found.strays.length > 0)
      log.warn('files lie among the libraries that nobody will read', { strays: found.strays });
    return { ...found, indexed, healed: await selfHealing(), asked_again: await askingAgain() };
  };
}

export const handler = lambdaHandler('reconcile', createReconcile);
