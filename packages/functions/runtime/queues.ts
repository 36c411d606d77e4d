import type { ForgetQueue } from '@savepoint/adapters/sqs/forget-queue.ts';
import type { DeadLetterOptions } from '@savepoint/adapters/sqs/dead-letters.ts';
import type { DeadLetters } from '@savepoint/core/operations/dead-letters.ts';
import type { StageQueues } from '@savepoint/core/operations/stage-queues.ts';
import type { Env } from './env.ts';
import { lazy } from './lazy.ts';

export type Queues = { stageQueues: StageQueues; deadLetters: DeadLetters; forgetQueue: ForgetQueue };

/** Loads the SQS client when it is called first: who needs it seldom starts faster without. */
export const queuesOf = (
  { aws, deployment }: Pick<Env, 'aws' | 'deployment'>,
  options: DeadLetterOptions = {},
): (() => Promise<Queues>) =>
  lazy(async () => {
    const [{ createSqsClient }, { createStageQueues }, { createDeadLetters }, { createForgetQueue }] =
      await Promise.all([
        import('@savepoint/adapters/sqs/client.ts'),
        import('@savepoint/adapters/sqs/stage-queues.ts'),
        import('@savepoint/adapters/sqs/dead-letters.ts'),
        import('@savepoint/adapters/sqs/forget-queue.ts'),
      ]);
    const sqs = createSqsClient(aws);
    return {
      stageQueues: createStageQueues(sqs, deployment),
      deadLetters: createDeadLetters(sqs, deployment, options),
      forgetQueue: createForgetQueue(sqs, deployment),
    };
  });
