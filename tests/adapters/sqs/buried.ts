import { importIdOf } from '../../support/ids.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import type { LookLimits } from '@savepoint/adapters/sqs/look-through-queue.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import type { Failure } from '@savepoint/core/contracts/dead-letter.ts';
import type { StageName } from '@savepoint/core/topology.ts';
import { deployment, type PipelineAws } from '../../support/pipeline-aws.ts';
import { drainQueue } from '../../support/queue.ts';

export const stage = 'steam-import';
export const importId = (person: number) => importIdOf(`7656119796028793${person}-20261123T043000123Z`);
export const failure = (person: number, second = person): Failure => ({
  importId: importId(person),
  attempts: 5,
  firstFailedAt: `2026-11-23T04:30:0${second}.000Z`,
  lastFailedAt: `2026-11-23T04:31:0${second}.000Z`,
  error: { code: 'STEAM_UNAVAILABLE', message: 'Steam is not answering – “properly” 🎮.', retryable: true },
  rounds: 0,
});

/** One machine's SQS needs no patience. */
export const quick = { pollSeconds: 0, patienceSeconds: 0.3 };

/** The adapters on a test's own queues, and a way to fill the dead letters of `stage`. */
export function deadLettersOf(current: () => PipelineAws) {
  const open = (limits: Partial<LookLimits> = {}) => ({
    letters: createDeadLetters(current().sqs, deployment, { ...quick, ...limits }),
    queues: createStageQueues(current().sqs, deployment),
  });
  return {
    open,
    /** All that there are. */
    listed: async (of: StageName = stage) => (await open().letters.list(of, { max: 10_000 })).messages,
    /** Dead letters of these people, in this order. */
    async bury(...people: number[]) {
      const { queues } = open();
      for (const person of people) await queues.sendToDeadLetters(stage, `body ${person}`, failure(person));
    },
    bodiesIn: async (queueUrl: string) =>
      (await drainQueue(current().sqs, queueUrl)).map(({ Body }) => Body).sort(),
  };
}
