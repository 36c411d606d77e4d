import { type PipelineError, toPipelineError } from '@savepoint/core/errors.ts';
import type { Attempt } from './attempt.ts';
import { parseBody, type QueueMessage } from './queue-message.ts';
import type { Answer, Job, StageWork } from './stage-work.ts';

/** A job that is attempted, and how it went once it was. */
export type Task<StageJob extends Job> = { job: StageJob; attempt: Attempt; outcome: Outcome };
export type Outcome =
  | { status: 'pending' }
  | { status: 'completed'; answer: Answer }
  | { status: 'failed'; error: PipelineError };

/** A part of a message: the task that it asks for, or why nobody can tell. */
export type Part<StageJob extends Job> = {
  /** The part as a message of its own; of a message with one part the message itself, untouched. */
  body: string;
  task: Task<StageJob> | null;
  unreadable: PipelineError | null;
};

/** A message on its way through the handler. Its parts are settled each by itself. */
export type Delivery<StageJob extends Job> = { message: QueueMessage; parts: readonly Part<StageJob>[] };

export function readDelivery<StageJob extends Job>(
  work: StageWork<StageJob>,
  message: QueueMessage,
  taskOf: (job: StageJob, message: QueueMessage) => Task<StageJob>,
): Delivery<StageJob> {
  const { splitMessage = (body) => [body] } = work;
  try {
    const split = splitMessage(parseBody(message.body));
    const parts = split.flatMap((part): Part<StageJob>[] => {
      const body = split.length === 1 ? message.body : JSON.stringify(part);
      try {
        const job = work.jobOfMessage(part);
        return job === null ? [] : [{ body, task: taskOf(job, message), unreadable: null }];
      } catch (thrown) {
        return [unreadablePart(body, thrown)];
      }
    });
    return { message, parts };
  } catch (thrown) {
    return { message, parts: [unreadablePart(message.body, thrown)] };
  }
}

const unreadablePart = (body: string, thrown: unknown) => ({
  body,
  task: null,
  unreadable: toPipelineError(thrown),
});

export const tasksOf = <StageJob extends Job>({ parts }: Delivery<StageJob>): Task<StageJob>[] =>
  parts.flatMap(({ task }) => task ?? []);

/** Undefined for a part whose work is done. */
export function failureOf<StageJob extends Job>({
  task,
  unreadable,
}: Part<StageJob>): PipelineError | undefined {
  if (unreadable) return unreadable;
  return task?.outcome.status === 'failed' ? task.outcome.error : undefined;
}
