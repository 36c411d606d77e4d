import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createOverridesFile } from '@savepoint/adapters/s3/overrides-file.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import type { Command } from 'commander';
import { findTarget } from './find-target.ts';

/** What every command takes. */
export type GlobalOptions = { json?: boolean; stage?: string };

export const globalOptions = (command: Command): GlobalOptions => command.optsWithGlobals<GlobalOptions>();

/** The bucket and the queues of the deployment that a command is about. @throws CommandFailure */
export function connect(command: Command) {
  const target = findTarget(globalOptions(command).stage);
  const { aws, bucketName, deployment } = target;
  const bucket = createBucket(createS3Client(aws), bucketName);
  const sqs = createSqsClient(aws);
  return {
    target,
    bucketName,
    statuses: createImportStatusStore(bucket),
    objects: bucket,
    overrides: createOverridesFile(bucket),
    queues: createStageQueues(sqs, deployment),
    // Nobody waits for an answer here as a gateway does.
    deadLetters: createDeadLetters(sqs, deployment, { deadlineSeconds: 60 }),
    now: () => new Date(),
  };
}
