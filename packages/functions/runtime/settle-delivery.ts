import { completedNotice, failedNotice } from '@savepoint/core/completion-notice.ts';
import { importIdOfBody } from '@savepoint/core/contracts/dead-letter.ts';
import { type PipelineError, toPipelineError } from '@savepoint/core/errors.ts';
import { retryDelaySeconds } from '@savepoint/core/retry-delay.ts';
import { maxReceiveCount, type Stage } from '@savepoint/core/topology.ts';
import { bestEffort, countsOf } from './attempt.ts';
import { type Delivery, failedTasks, failureOf } from './delivery.ts';
import type { LogFields } from './log.ts';
import { logFailure, logTask } from './outcome-line.ts';
import type { StageRuntime } from './stage-runtime.ts';
import type { Job } from './stage-work.ts';

/**
 * Decides what becomes of a message after its tasks ended, and logs them.
 * @returns true to acknowledge it (SQS deletes it), false to leave it to SQS (it is delivered again).
 */
export async function settleDelivery<StageJob extends Job>(
  stage: Stage,
  runtime: StageRuntime,
  delivery: Delivery<StageJob>,
  parts: Readonly<Record<string, number>>,
): Promise<boolean> {
  const error = failureOf(delivery);
  const { acknowledged, settled } = await settle(stage, runtime, delivery, error);
  for (const task of delivery.tasks) logTask(stage, runtime, task, parts, settled);
  if (delivery.unreadable)
    logFailure(stage, runtime.log, delivery.unreadable, {
      stage: stage.name,
      attempt: delivery.message.attempt,
      ...settled,
    });
  return acknowledged;
}

/** `settled`: what the log says of it. */
type Settlement = { acknowledged: boolean; settled: LogFields };

async function settle<StageJob extends Job>(
  stage: Stage,
  runtime: StageRuntime,
  delivery: Delivery<StageJob>,
  error: PipelineError | undefined,
): Promise<Settlement> {
  if (error === undefined) {
    // Done, and every status says so: the message may go.
    tellOfCompletion(stage, runtime, delivery);
    return { acknowledged: true, settled: {} };
  }
  return error.retryable && delivery.message.attempt < maxReceiveCount
    ? retryLater(stage, runtime, delivery, error)
    : giveUp(stage, runtime, delivery, error);
}

async function retryLater<StageJob extends Job>(
  stage: Stage,
  { retrySchedule, failedMessages, log }: StageRuntime,
  delivery: Delivery<StageJob>,
  error: PipelineError,
): Promise<Settlement> {
  const { attempt, receiptHandle } = delivery.message;
  const delaySeconds = retryDelaySeconds(retrySchedule, attempt, error.retryAfterSeconds, Math.random());
  const nextAttemptAt = new Date(Date.now() + delaySeconds * 1000);
  await Promise.all(
    failedTasks(delivery).map((task) => bestEffort(log, task.attempt.retry(error, nextAttemptAt))),
  );
  // Should this call fail, the message returns all the same, after its visibility timeout.
  await failedMessages
    .retryLater(stage.name, receiptHandle, delaySeconds)
    .catch((reason) =>
      log.warn('could not shorten the wait of a message', { reason: toPipelineError(reason).message }),
    );
  return { acknowledged: false, settled: { settled: 'retry', delay_seconds: delaySeconds } };
}

/** No retry can help, or none is left: the copy in the dead-letter queue comes first, so that a crash duplicates. */
async function giveUp<StageJob extends Job>(
  stage: Stage,
  { failedMessages, log, metrics, notices }: StageRuntime,
  delivery: Delivery<StageJob>,
  error: PipelineError,
): Promise<Settlement> {
  const { message, tasks } = delivery;
  const failedAt = new Date();
  try {
    await failedMessages.sendToDeadLetters(stage.name, message.body, {
      importId: tasks[0]?.attempt.importId ?? importIdOfBody(stage.name, message.body),
      attempts: (message.earlierFailure?.attempts ?? 0) + message.attempt,
      firstFailedAt: message.earlierFailure?.firstFailedAt ?? failedAt.toISOString(),
      lastFailedAt: failedAt.toISOString(),
      error: { code: error.code, message: error.message },
    });
  } catch (reason) {
    // Not acknowledged: SQS itself moves the message once its receives are used up.
    log.error('could not reach the dead-letter queue', {
      stage: stage.name,
      reason: toPipelineError(reason).message,
    });
    return { acknowledged: false, settled: { settled: 'left_in_queue' } };
  }
  for (const { attempt } of failedTasks(delivery)) {
    await bestEffort(log, attempt.fail(error));
    notices.send(failedNotice(attempt.importId, stage.name, error, failedAt));
  }
  metrics.put(stage.name, { dead_letters: 1 });
  return { acknowledged: true, settled: { settled: 'dead_letter' } };
}

function tellOfCompletion<StageJob extends Job>(
  stage: Stage,
  { notices }: StageRuntime,
  { tasks }: Delivery<StageJob>,
): void {
  for (const { attempt, outcome } of tasks) {
    if (outcome.status !== 'completed') continue;
    const notice = completedNotice(attempt.importId, stage.name, countsOf(outcome.answer), new Date());
    if (notice) notices.send(notice);
  }
}
