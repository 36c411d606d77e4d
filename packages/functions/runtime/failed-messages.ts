import type { StageQueues } from '@savepoint/core/operations/stage-queues.ts';
import type { Env } from './env.ts';
import { lazy } from './lazy.ts';

/** What a stage does with the message of a failure: let it wait, go on with it later, or give it up. */
export type FailedMessages = Pick<StageQueues, 'retryLater' | 'sendAgain' | 'sendToDeadLetters'>;

/** The SQS client is loaded at the first failure: most instances never meet one, and start faster without. */
export function createFailedMessages({ aws, deployment }: Pick<Env, 'aws' | 'deployment'>): FailedMessages {
  const queues = lazy(async () => {
    const [{ createSqsClient }, { createStageQueues }] = await Promise.all([
      import('@savepoint/adapters/sqs/client.ts'),
      import('@savepoint/adapters/sqs/stage-queues.ts'),
    ]);
    return createStageQueues(createSqsClient(aws), deployment);
  });
  return {
    retryLater: async (...message) => (await queues()).retryLater(...message),
    sendAgain: async (...message) => (await queues()).sendAgain(...message),
    sendToDeadLetters: async (...message) => (await queues()).sendToDeadLetters(...message),
  };
}
