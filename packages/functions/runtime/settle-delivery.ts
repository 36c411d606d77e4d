import { completedNotice, failedNotice, isNoNews } from '@savepoint/core/completion-notice.ts';
import { importIdOfBody } from '@savepoint/core/contracts/dead-letter.ts';
import { type PipelineError, toPipelineError, UnfinishedWork } from '@savepoint/core/errors.ts';
import { retryDelaySeconds } from '@savepoint/core/retry-delay.ts';
import { maxReceiveCount, type Stage, visibilityTimeoutSeconds } from '@savepoint/core/topology.ts';
import { bestEffort, countsOf } from './attempt.ts';
import { type Delivery, failureOf, type Part } from './delivery.ts';
import type { LogFields } from './log.ts';
import { logFailure, logTask } from './outcome-line.ts';
import type { QueueMessage } from './queue-message.ts';
import type { StageRuntime } from './stage-runtime.ts';
import type { Job, StageWork } from './stage-work.ts';

/**
 * Decides what becomes of a message after its tasks ended, and logs them. While a part of it may pass at a later
 * attempt, the whole message comes again: what was done is done again, which changes nothing, and what failed for
 * good becomes a dead letter once and not at each attempt. At the end each part is settled by itself.
 * @returns true to acknowledge it (SQS deletes it), false to leave it to SQS (it is delivered again).
 */
export async function settleDelivery<StageJob extends Job>(
  work: StageWork<StageJob>,
  runtime: StageRuntime,
  delivery: Delivery<StageJob>,
  partsMs: Readonly<Record<string, number>>,
): Promise<boolean> {
  const { stage } = work;
  const { message, parts } = delivery;
  const passing = parts
    .flatMap((part) => failureOf(part) ?? [])
    .filter((error) => error.retryable && !(error instanceof UnfinishedWork));
  const { acknowledged, settled } =
    passing.length > 0 && message.attempt < maxReceiveCount
      ? await retryLater(stage, runtime, delivery, passing)
      : await settleEach(work, runtime, delivery);
  for (const { task, unreadable } of parts) {
    if (task) logTask(stage, runtime, task, partsMs, settled);
    if (unreadable)
      logFailure(stage, runtime.log, unreadable, {
        stage: stage.name,
        attempt: message.attempts,
        ...settled,
      });
  }
  return acknowledged;
}

/** `settled`: what the log says of it. */
type Settlement = { acknowledged: boolean; settled: LogFields };

async function retryLater<StageJob extends Job>(
  stage: Stage,
  { retrySchedule, messages, log }: StageRuntime,
  { message, parts }: Delivery<StageJob>,
  passing: readonly PipelineError[],
): Promise<Settlement> {
  const askedSeconds = Math.max(...passing.map(({ retryAfterSeconds = 0 }) => retryAfterSeconds));
  const delaySeconds = retryDelaySeconds(
    retrySchedule,
    message.attempt,
    askedSeconds,
    Math.random(),
    visibilityTimeoutSeconds(stage),
  );
  const nextAttemptAt = new Date(Date.now() + delaySeconds * 1000);
  await Promise.all(
    parts.map(async (part) => {
      const error = failureOf(part);
      if (part.task && error) await bestEffort(log, part.task.attempt.retry(error, nextAttemptAt));
    }),
  );
  // Should this call fail, the message returns all the same, after its visibility timeout.
  await messages
    .retryLater(stage.name, message.receiptHandle, delaySeconds)
    .catch((reason) =>
      log.warn('could not shorten the wait of a message', { reason: toPipelineError(reason).message }),
    );
  return { acknowledged: false, settled: { settled: 'retry', delay_seconds: delaySeconds } };
}

/** Nothing is left to wait for: what is done is told, what is unfinished goes on, and what failed is given up. */
async function settleEach<StageJob extends Job>(
  work: StageWork<StageJob>,
  runtime: StageRuntime,
  { message, parts }: Delivery<StageJob>,
): Promise<Settlement> {
  const { stage } = work;
  const failedAt = new Date();
  try {
    // All copies are in their queues before the message goes: a crash between duplicates, and loses nothing.
    for (const part of parts) await passOn(work, runtime, message, part, failedAt);
  } catch (reason) {
    // Not acknowledged: SQS itself moves the message once its receives are used up.
    runtime.log.error('could not pass on what a message asks for', {
      stage: stage.name,
      reason: toPipelineError(reason).message,
    });
    return { acknowledged: false, settled: { settled: 'left_in_queue' } };
  }
  for (const part of parts) await tellTheEnd(work, runtime, part, failedAt);
  const isGivenUp = parts.some((part) => failureOf(part) && !isUnfinished(part) && !isQuiet(work, part));
  return { acknowledged: true, settled: isGivenUp ? { settled: 'dead_letter' } : {} };
}

const isUnfinished = <StageJob extends Job>(part: Part<StageJob>): boolean =>
  failureOf(part) instanceof UnfinishedWork;

/** Such an import fails where nobody waits for it, and another try at it will be made by itself. */
const isQuiet = <StageJob extends Job>(work: StageWork<StageJob>, part: Part<StageJob>): boolean =>
  part.task !== null && failureOf(part)?.retryable === false && work.isQuiet?.(part.task.job) === true;

/** Puts what is unfinished back into its queue, and a copy of what failed into the dead-letter queue, saying why. */
async function passOn<StageJob extends Job>(
  work: StageWork<StageJob>,
  { messages }: StageRuntime,
  { attempt, attempts, earlierFailure }: QueueMessage,
  part: Part<StageJob>,
  failedAt: Date,
): Promise<void> {
  const { stage } = work;
  const error = failureOf(part);
  if (part.task && !isUnfinished(part)) await work.ended?.(part.task.job, error ?? null);
  if (error === undefined || isQuiet(work, part)) return;
  if (isUnfinished(part))
    return messages.sendAgain(stage.name, part.body, { earlierFailure, earlierAttempts: attempt - 1 });
  await messages.sendToDeadLetters(stage.name, part.body, {
    importId: part.task?.attempt.importId ?? importIdOfBody(stage.name, part.body),
    attempts,
    firstFailedAt: earlierFailure?.firstFailedAt ?? failedAt.toISOString(),
    lastFailedAt: failedAt.toISOString(),
    error: { code: error.code, message: error.message, retryable: error.retryable },
    rounds: earlierFailure?.rounds ?? 0,
  });
}

async function tellTheEnd<StageJob extends Job>(
  work: StageWork<StageJob>,
  { log, metrics, notices }: StageRuntime,
  part: Part<StageJob>,
  endedAt: Date,
): Promise<void> {
  const { stage } = work;
  const { task } = part;
  const error = failureOf(part);
  if (isUnfinished(part)) {
    if (task) await bestEffort(log, task.attempt.pause());
  } else if (error) {
    if (!isQuiet(work, part)) metrics.put(stage.name, { dead_letters: 1 });
    if (!task) return;
    await bestEffort(log, task.attempt.fail(error));
    notices.send(failedNotice(task.attempt.importId, stage.name, error, endedAt));
  } else if (task?.outcome.status === 'completed' && !isNoNews(task.outcome.answer)) {
    const counts = countsOf(task.outcome.answer);
    const notice = completedNotice(task.attempt.importId, stage.name, counts, endedAt, notices.apiUrl);
    if (notice) notices.send(notice);
  }
}
