import type { StageQueues } from '@savepoint/core/operations/stage-queues.ts';
import type { Env } from './env.ts';
import { lazy } from './lazy.ts';

/**
 * What a stage does with a message beside its answer: acknowledge it sooner, let it wait, go on with it later, or give
 * it up.
 */
export type StageMessages = Pick<
  StageQueues,
  'acknowledge' | 'retryLater' | 'sendAgain' | 'sendToDeadLetters'
>;

/** The SQS client is loaded when it is needed first: most instances never do, and start faster without. */
export function createStageMessages({ aws, deployment }: Pick<Env, 'aws' | 'deployment'>): StageMessages {
  const queues = lazy(async () => {
    const [{ createSqsClient }, { createStageQueues }] = await Promise.all([
      import('@savepoint/adapters/sqs/client.ts'),
      import('@savepoint/adapters/sqs/stage-queues.ts'),
    ]);
    return createStageQueues(createSqsClient(aws), deployment);
  });
  return {
    acknowledge: async (...messages) => (await queues()).acknowledge(...messages),
    retryLater: async (...message) => (await queues()).retryLater(...message),
    sendAgain: async (...message) => (await queues()).sendAgain(...message),
    sendToDeadLetters: async (...message) => (await queues()).sendToDeadLetters(...message),
  };
}
