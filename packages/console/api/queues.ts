import type { QueueDepth } from '@savepoint/core/operations/stage-queues.ts';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Asked } from './use-answer.ts';

export type QueueCounts = { queues: (QueueDepth & { oldest_seconds?: number | null })[] };

/** Asked for once, however many parts of the page show them (parts/queues-provider.tsx). */
export const Queues = createContext<Asked<QueueCounts>>({
  answer: null,
  problem: null,
  refresh: async () => undefined,
});

export const useQueues = (): Asked<QueueCounts> => useContext(Queues);

/** What is on its way: how many messages wait, are worked on or are put off. */
export const underWay = ({ queues }: QueueCounts): number =>
  queues.reduce((sum, { waiting, in_flight, delayed }) => sum + waiting + in_flight + delayed, 0);
