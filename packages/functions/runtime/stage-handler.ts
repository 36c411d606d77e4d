import { toPipelineError, ValidationError } from '@savepoint/core/errors.ts';
import { maxReceiveCount, type Stage } from '@savepoint/core/topology.ts';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { bestEffort, type CountedAttempts, createAttempt } from './attempt.ts';
import { type Part, readDelivery, type Task, tasksOf } from './delivery.ts';
import type { Log } from './log.ts';
import { logTask } from './outcome-line.ts';
import { isSqsEvent, type QueueMessage, readQueueMessage } from './queue-message.ts';
import { settleDelivery } from './settle-delivery.ts';
import type { StageRuntime } from './stage-runtime.ts';
import type { Answer, Invocation, Job, StageWork } from './stage-work.ts';
import { createStopwatch, type Stopwatch } from './stopwatch.ts';

const progressIntervalMs = 1500;
/** Kept back for the answer. */
const answerReserveSeconds = 5;

/**
 * A Lambda handler for a stage: takes an SQS event and answers which messages failed, or takes the stage's plain
 * payload and answers its result. A failure is never acknowledged: its message returns to the queue or is copied
 * to the dead-letter queue first (see `settleDelivery`).
 */
export function createStageHandler<StageJob extends Job>(work: StageWork<StageJob>, runtime: StageRuntime) {
  return async (event: unknown, context?: Context): Promise<SQSBatchResponse | Answer> => {
    const remainingSeconds = () =>
      (context?.getRemainingTimeInMillis?.() ?? work.stage.functionTimeoutSeconds * 1000) / 1000;
    return isSqsEvent(event)
      ? handleBatch(work, runtime, event.Records.map(readQueueMessage), remainingSeconds)
      : handlePayload(work, runtime, event, remainingSeconds);
  };
}

async function handleBatch<StageJob extends Job>(
  work: StageWork<StageJob>,
  runtime: StageRuntime,
  messages: readonly QueueMessage[],
  remainingSeconds: () => number,
): Promise<SQSBatchResponse> {
  const stopwatch = createStopwatch();
  const deliveries = messages.map((message) =>
    readDelivery(work, message, (job, { attempts, maxAttempts }) =>
      taskOf(work, runtime, job, { attempts, maxAttempts }),
    ),
  );
  await Promise.all(
    deliveries.flatMap(({ parts }) => parts.map((part) => dropForgotten(part, work.stage, runtime))),
  );
  await attemptTasks(work, runtime, deliveries.flatMap(tasksOf), stopwatch, remainingSeconds);
  const done: QueueMessage[] = [];
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const delivery of deliveries) {
    await storeCompletions(tasksOf(delivery));
    const acknowledged = await settleDelivery(work, runtime, delivery, stopwatch.parts());
    if (acknowledged) done.push(delivery.message);
    else batchItemFailures.push({ itemIdentifier: delivery.message.messageId });
  }
  await Promise.all([
    finishNotices(work, runtime, done, remainingSeconds),
    work.afterwards?.(),
    finishTraces(runtime, remainingSeconds),
  ]);
  return { batchItemFailures };
}

/**
 * An import of somebody who was forgotten since ends here, without a trace: its message is acknowledged, and nothing is
 * told of it. Where nobody can tell, it waits.
 */
async function dropForgotten<StageJob extends Job>(
  part: Part<StageJob>,
  stage: Stage,
  { isForgotten, log }: StageRuntime,
): Promise<void> {
  if (part.task === null) return;
  try {
    if (!(await isForgotten(part.task.attempt.importId))) return;
    log.info(`${stage.name} leaves out an import of somebody who was forgotten`, {});
  } catch (thrown) {
    part.unreadable = toPipelineError(thrown);
  }
  part.task = null;
}

/**
 * Waits for the notices, because Lambda halts what runs on after the answer. The answer acknowledges the messages, so
 * those that a receiver of notices would hold up are acknowledged before; should that fail, the answer does it.
 */
async function finishNotices<StageJob extends Job>(
  { stage }: StageWork<StageJob>,
  { messages, notices, log }: StageRuntime,
  done: readonly QueueMessage[],
  remainingSeconds: () => number,
): Promise<void> {
  if (!notices.areUnderway()) return;
  const receiptHandles = done.map(({ receiptHandle }) => receiptHandle);
  const acknowledging = messages.acknowledge(stage.name, receiptHandles).catch((reason) =>
    log.warn('could not acknowledge messages before their notices', {
      reason: toPipelineError(reason).message,
    }),
  );
  await notices.sent(Math.max(0, remainingSeconds() - answerReserveSeconds));
  await acknowledging;
}

const finishTraces = ({ traces }: StageRuntime, remainingSeconds: () => number): Promise<void> =>
  traces.sent(Math.max(0, remainingSeconds() - answerReserveSeconds));

/** Whoever asked directly hears the outcome itself, so a status that cannot be stored must not replace it. */
async function handlePayload<StageJob extends Job>(
  work: StageWork<StageJob>,
  runtime: StageRuntime,
  payload: unknown,
  remainingSeconds: () => number,
): Promise<Answer> {
  const stopwatch = createStopwatch();
  const job = work.jobOfPayload(payload);
  if (await runtime.isForgotten(job.importId)) throw forgotten();
  const task = taskOf(work, runtime, job, { attempts: 1, maxAttempts: maxReceiveCount });
  await attemptTasks(work, runtime, [task], stopwatch, remainingSeconds);
  logTask(work.stage, runtime, task, stopwatch.parts());
  if (task.outcome.status === 'completed') {
    await bestEffort(runtime.log, task.attempt.complete(task.outcome.answer));
    await Promise.all([work.afterwards?.(), finishTraces(runtime, remainingSeconds)]);
    return task.outcome.answer;
  }
  const error = toPipelineError(task.outcome.status === 'failed' ? task.outcome.error : undefined);
  await bestEffort(runtime.log, task.attempt.fail(error));
  await Promise.all([work.afterwards?.(), finishTraces(runtime, remainingSeconds)]);
  throw error;
}

const forgotten = () =>
  new ValidationError(
    'LIBRARY_FORGOTTEN',
    'This person was forgotten after the library was fetched. Import it again if the person wants that.',
  );

const taskOf = <StageJob extends Job>(
  work: StageWork<StageJob>,
  { statuses }: StageRuntime,
  job: StageJob,
  counted: CountedAttempts,
): Task<StageJob> => ({
  job,
  attempt: createAttempt(work.stage, job, counted, statuses, () => new Date()),
  outcome: { status: 'pending' },
});

/** Does the work of all tasks together and notes each one's outcome. */
async function attemptTasks<StageJob extends Job>(
  work: StageWork<StageJob>,
  { log }: StageRuntime,
  tasks: readonly Task<StageJob>[],
  stopwatch: Stopwatch,
  remainingSeconds: () => number,
): Promise<void> {
  if (tasks.length === 0) return;
  await Promise.all(tasks.map(({ attempt }) => bestEffort(log, attempt.begin())));
  const invocation = { stopwatch, remainingSeconds, progress: progressReporter(tasks, log) };
  const results = await work
    .work(
      tasks.map(({ job }) => job),
      invocation,
    )
    .catch((reason): PromiseSettledResult<Answer>[] => tasks.map(() => ({ status: 'rejected', reason })));
  for (const [index, task] of tasks.entries()) {
    const result = results[index]!;
    task.attempt.end();
    task.outcome =
      result.status === 'fulfilled'
        ? { status: 'completed', answer: result.value }
        : { status: 'failed', error: toPipelineError(result.reason) };
  }
}

/** Work whose status could not be stored counts as failed: it is idempotent, and people wait for the word. */
async function storeCompletions<StageJob extends Job>(tasks: readonly Task<StageJob>[]): Promise<void> {
  await Promise.all(
    tasks.map(async (task) => {
      if (task.outcome.status !== 'completed') return;
      try {
        await task.attempt.complete(task.outcome.answer);
      } catch (reason) {
        task.outcome = { status: 'failed', error: toPipelineError(reason) };
      }
    }),
  );
}

function progressReporter<StageJob extends Job>(
  tasks: readonly Task<StageJob>[],
  log: Log,
): Invocation['progress'] {
  let toldAt = Date.now();
  return (view) => {
    if (Date.now() - toldAt < progressIntervalMs) return;
    toldAt = Date.now();
    for (const [index, { done, total }] of view().entries())
      void bestEffort(log, tasks[index]!.attempt.progress(done, total));
  };
}
