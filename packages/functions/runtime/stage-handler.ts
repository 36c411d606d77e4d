import { toPipelineError } from '@savepoint/core/errors.ts';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { type Attempt, bestEffort, createAttempt } from './attempt.ts';
import type { Log } from './log.ts';
import { logOutcome } from './outcome.ts';
import { isSqsEvent, parseBody, type QueueMessage, readQueueMessage } from './queue-message.ts';
import { settleMessage } from './settle-message.ts';
import type { Answer, Job, JobOutcome, Run, StageRuntime, StageWork } from './stage-work.ts';
import { createStopwatch } from './stopwatch.ts';

const progressIntervalMs = 1500;

/**
 * A Lambda handler for a stage: takes an SQS event and answers which messages failed, or takes the stage's plain
 * payload and answers its result. A failure is never acknowledged: its message returns to the queue or is copied
 * to the dead-letter queue first (see `settleMessage`).
 */
export function createStageHandler<StageJob extends Job>(work: StageWork<StageJob>, runtime: StageRuntime) {
  return async (event: unknown, context?: Context): Promise<SQSBatchResponse | Answer> => {
    const remainingSeconds = () =>
      (context?.getRemainingTimeInMillis?.() ?? work.stage.functionTimeoutSeconds * 1000) / 1000;
    if (isSqsEvent(event))
      return handleBatch(work, runtime, event.Records.map(readQueueMessage), remainingSeconds);
    const outcomes = await attemptJobs(
      work,
      runtime,
      [{ job: work.jobOfPayload(event), number: 1 }],
      remainingSeconds,
    );
    const [{ attempt, result }] = outcomes as [JobOutcome];
    // Whoever asked directly hears the outcome itself, so a status that can not be stored must not replace it.
    if (result.status === 'fulfilled') {
      await bestEffort(runtime.log, attempt.complete(result.value));
      return result.value;
    }
    const error = toPipelineError(result.reason);
    await bestEffort(runtime.log, attempt.fail(error));
    throw error;
  };
}

async function handleBatch<StageJob extends Job>(
  work: StageWork<StageJob>,
  runtime: StageRuntime,
  messages: QueueMessage[],
  remainingSeconds: () => number,
): Promise<SQSBatchResponse> {
  const read = messages.map((message) => ({ message, jobs: readJobs(work, message) }));
  const asked = read.flatMap(({ message, jobs }) =>
    jobs.status === 'fulfilled' ? jobs.value.map((job) => ({ job, number: message.attempt })) : [],
  );
  const outcomes = await attemptJobs(work, runtime, asked, remainingSeconds);
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  let next = 0;
  for (const { message, jobs } of read) {
    const own = jobs.status === 'fulfilled' ? outcomes.slice(next, next + jobs.value.length) : [];
    next += own.length;
    const acknowledged = await settleMessage(
      work.stage,
      runtime,
      message,
      own,
      jobs.status === 'rejected' ? jobs.reason : undefined,
    );
    if (!acknowledged) batchItemFailures.push({ itemIdentifier: message.messageId });
  }
  await runtime.notices.sent();
  return { batchItemFailures };
}

function readJobs<StageJob extends Job>(
  work: StageWork<StageJob>,
  message: QueueMessage,
): PromiseSettledResult<StageJob[]> {
  try {
    return { status: 'fulfilled', value: work.jobsOfMessage(parseBody(message.body)) };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}

async function attemptJobs<StageJob extends Job>(
  work: StageWork<StageJob>,
  runtime: StageRuntime,
  asked: { job: StageJob; number: number }[],
  remainingSeconds: () => number,
): Promise<JobOutcome[]> {
  if (asked.length === 0) return [];
  const stopwatch = createStopwatch();
  const now = () => new Date();
  const attempts = asked.map(({ job, number }) =>
    createAttempt(work.stage, job, number, runtime.records, now),
  );
  await Promise.all(attempts.map((attempt) => bestEffort(runtime.log, attempt.begin())));
  const run: Run = { stopwatch, remainingSeconds, progress: progressReporter(attempts, runtime.log) };
  const results = await work
    .run(
      asked.map(({ job }) => job),
      run,
    )
    .catch((reason): PromiseSettledResult<Answer>[] => asked.map(() => ({ status: 'rejected', reason })));
  return attempts.map((attempt, index) => {
    const result = results[index]!;
    logOutcome(work.stage, runtime, attempt, result, stopwatch.parts());
    return { attempt, result };
  });
}

function progressReporter(attempts: Attempt[], log: Log): Run['progress'] {
  let toldAt = Date.now();
  return (view) => {
    if (Date.now() - toldAt < progressIntervalMs) return;
    toldAt = Date.now();
    for (const [index, { done, total }] of view().entries())
      void bestEffort(log, attempts[index]!.progress(done, total));
  };
}
