import type { StageQueues } from '@savepoint/core/operations/stage-queues.ts';
import type { Env } from './env.ts';
import { lazyPort } from './lazy.ts';
import { queuesOf } from './queues.ts';

/**
 * What a stage does with a message beside its answer: acknowledge it sooner, let it wait, go on with it later, or give
 * it up.
 */
export type StageMessages = Pick<
  StageQueues,
  'acknowledge' | 'retryLater' | 'sendAgain' | 'sendToDeadLetters'
>;

/** Most instances never need it. */
export function createStageMessages(env: Pick<Env, 'aws' | 'deployment'>): StageMessages {
  const queues = queuesOf(env);
  return lazyPort(
    async () => (await queues()).stageQueues,
    ['acknowledge', 'retryLater', 'sendAgain', 'sendToDeadLetters'],
  );
}
