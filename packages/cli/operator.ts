import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import type { Command } from 'commander';
import { findTarget } from './find-target.ts';
import { globalOptions } from './global-options.ts';
import type { Target } from './target.ts';

/**
 * The deployment that a command is about, and the way to its parts. Each part is loaded when it is asked for: the SDK
 * takes longer to load than most commands to run.
 * @throws CommandFailure
 */
export function connect(command: Command) {
  const target = findTarget(globalOptions(command).stage);
  return {
    target,
    bucketName: target.bucketName,
    now: () => new Date(),
    openStorage: () => openStorage(target),
    openQueues: () => openQueues(target),
  };
}

async function openStorage({ aws, bucketName }: Target) {
  const [
    { createBucket },
    { createS3Client },
    { createFollows },
    { createImportIndex },
    { createIndexedMark },
    { createImportStatusStore },
    { createOverridesFile },
    { createPersonObjects },
    { createPublishedLibraries },
  ] = await Promise.all([
    import('@savepoint/adapters/s3/bucket.ts'),
    import('@savepoint/adapters/s3/client.ts'),
    import('@savepoint/adapters/s3/follows.ts'),
    import('@savepoint/adapters/s3/import-index.ts'),
    import('@savepoint/adapters/s3/indexed-mark.ts'),
    import('@savepoint/adapters/s3/import-status-store.ts'),
    import('@savepoint/adapters/s3/overrides-file.ts'),
    import('@savepoint/adapters/s3/person-objects.ts'),
    import('@savepoint/adapters/s3/published-libraries.ts'),
  ]);
  const bucket = createBucket(createS3Client(aws), bucketName);
  return {
    objects: bucket,
    index: createImportIndex(bucket),
    indexed: createIndexedMark(bucket),
    statuses: createImportStatusStore(bucket),
    overrides: createOverridesFile(bucket),
    follows: createFollows(bucket),
    personObjects: createPersonObjects(bucket),
    libraries: createPublishedLibraries(bucket),
  };
}

async function openQueues(target: Target) {
  const { aws, awsIsEmbedded, deployment } = target;
  const [{ createSqsClient }, { createDeadLetters }, { createForgetQueue }, { createStageQueues }] =
    await Promise.all([
      import('@savepoint/adapters/sqs/client.ts'),
      import('@savepoint/adapters/sqs/dead-letters.ts'),
      import('@savepoint/adapters/sqs/forget-queue.ts'),
      import('@savepoint/adapters/sqs/stage-queues.ts'),
    ]);
  const sqs = createSqsClient(aws);
  const reopen = async (importIds: readonly ImportId[]) =>
    (await openStorage(target)).index.reopen(importIds);
  return {
    queues: createStageQueues(sqs, deployment),
    forgetQueue: createForgetQueue(sqs, deployment),
    // Nobody waits for an answer here as a gateway does.
    deadLetters: createDeadLetters(sqs, deployment, {
      beforeSendingBack: reopen,
      deadlineSeconds: 60,
      ...(awsIsEmbedded && { pollSeconds: 0 }),
    }),
  };
}
