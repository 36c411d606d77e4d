import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createPendingImports } from '@savepoint/adapters/s3/pending-imports.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { type AskedAgain, askAgain } from '@savepoint/core/operations/ask-again.ts';
import type { Env } from './env.ts';
import type { Log } from './log.ts';

/** A run of asking IGDB again for what it refused to be asked, told in the log; nothing where it is switched off. */
export function createAskingAgain(
  { deployment, bucketName, selfHealing }: Pick<Env, 'deployment' | 'bucketName' | 'selfHealing'>,
  log: Log,
  { bucket, sqs, now = () => new Date() }: { bucket: Bucket; sqs: SQSClient; now?: () => Date },
): () => Promise<AskedAgain> {
  const ports = {
    bucketName,
    objects: bucket,
    pending: createPendingImports(bucket),
    index: createImportIndex(bucket),
    statuses: createImportStatusStore(bucket),
    queues: createStageQueues(sqs, deployment),
    now,
  };
  return async () => {
    if (!selfHealing) return { asked: [], dropped: [], more: false };
    const done = await askAgain(ports);
    if (done.asked.length > 0)
      log.info('asks IGDB again for apps that it refused to be asked about', { imports: done.asked });
    const left = done.dropped.filter(({ reason }) => reason === 'left').map(({ import_id }) => import_id);
    if (left.length > 0)
      log.error('IGDB refuses questions about apps for good; they stay PENDING until the next import', {
        imports: left,
      });
    return done;
  };
}
