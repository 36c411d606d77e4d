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

/** A message on its way through the handler, with the tasks that it asks for. */
export type Delivery<StageJob extends Job> = {
  message: QueueMessage;
  tasks: readonly Task<StageJob>[];
  /** Why nobody can tell what the message asks for. */
  unreadable: PipelineError | undefined;
};

export function readDelivery<StageJob extends Job>(
  work: StageWork<StageJob>,
  message: QueueMessage,
  taskOf: (job: StageJob, attempt: number) => Task<StageJob>,
): Delivery<StageJob> {
  try {
    const jobs = work.jobsOfMessage(parseBody(message.body));
    return { message, tasks: jobs.map((job) => taskOf(job, message.attempt)), unreadable: undefined };
  } catch (thrown) {
    return { message, tasks: [], unreadable: toPipelineError(thrown) };
  }
}

export const failedTasks = <StageJob extends Job>({ tasks }: Delivery<StageJob>): Task<StageJob>[] =>
  tasks.filter(({ outcome }) => outcome.status === 'failed');

/** A retryable failure outweighs a permanent one: the message comes again for the sake of the former. */
export function failureOf<StageJob extends Job>(delivery: Delivery<StageJob>): PipelineError | undefined {
  if (delivery.unreadable) return delivery.unreadable;
  const errors = delivery.tasks.flatMap(({ outcome }) =>
    outcome.status === 'failed' ? [outcome.error] : [],
  );
  return errors.find((error) => error.retryable) ?? errors[0];
}
