import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { createImportRecords } from '@savepoint/adapters/s3/import-records.ts';
import { createOverridesFile } from '@savepoint/adapters/s3/overrides-file.ts';
import { createStoredObjects } from '@savepoint/adapters/s3/stored-objects.ts';
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
  const { aws, bucket, deployment } = target;
  const s3 = createS3Client(aws);
  const sqs = createSqsClient(aws);
  return {
    target,
    bucket,
    records: createImportRecords(s3, bucket),
    objects: createStoredObjects(s3, bucket),
    overrides: createOverridesFile(s3, bucket),
    queues: createStageQueues(sqs, deployment),
    deadLetters: createDeadLetters(sqs, deployment),
    now: () => new Date(),
  };
}
