import type { ComponentChildren } from 'preact';
import { type QueueCounts, Queues, underWay } from '../api/queues.ts';
import { useAnswer } from '../api/use-answer.ts';

const pauseMs = { busy: 2000, idle: 10_000 };

/** Keeps an eye on the queues: a close one while something is under way. */
export function QueuesProvider({ children }: { children: ComponentChildren }) {
  const queues = useAnswer<QueueCounts>('/queues', {
    everyMs: (counts) => (counts !== null && underWay(counts) > 0 ? pauseMs.busy : pauseMs.idle),
  });
  return <Queues.Provider value={queues}>{children}</Queues.Provider>;
}
