import { completedNotice, failedNotice } from '@savepoint/core/completion-notice.ts';
import { importIdOfBody } from '@savepoint/core/contracts/dead-letter.ts';
import { type PipelineError, toPipelineError } from '@savepoint/core/errors.ts';
import { retryDelaySeconds } from '@savepoint/core/retry-delay.ts';
import { maxReceiveCount, type Stage } from '@savepoint/core/topology.ts';
import { bestEffort, countsOf } from './attempt.ts';
import { errorForLog } from './log.ts';
import type { QueueMessage } from './queue-message.ts';
import type { JobOutcome, StageRuntime } from './stage-work.ts';

/**
 * Decides what becomes of a message after its jobs ended.
 * @returns true to acknowledge it (SQS deletes it), false to leave it to SQS (it is delivered again).
 */
export async function settleMessage(
  stage: Stage,
  runtime: StageRuntime,
  message: QueueMessage,
  outcomes: readonly JobOutcome[],
  unreadable: unknown,
): Promise<boolean> {
  const error = await firstFailure(outcomes, unreadable);
  if (error === undefined) {
    // Done, and every status says so: the message may go.
    tellOfCompletion(stage, runtime, outcomes);
    return true;
  }
  const { retrySchedule, failedMessages, log } = runtime;
  if (error.retryable && message.attempt < maxReceiveCount) {
    const delaySeconds = retryDelaySeconds(
      retrySchedule,
      message.attempt,
      error.retryAfterSeconds,
      Math.random(),
    );
    const nextAttemptAt = new Date(Date.now() + delaySeconds * 1000);
    await Promise.all(
      failed(outcomes).map(({ attempt }) => bestEffort(log, attempt.retry(error, nextAttemptAt))),
    );
    // Should this call fail, the message returns all the same, after its visibility timeout.
    await failedMessages
      .retryLater(stage.name, message.receiptHandle, delaySeconds)
      .catch((reason) =>
        log.warn('could not shorten the wait of a message', { reason: toPipelineError(reason).message }),
      );
    return false;
  }
  return giveUp(stage, runtime, message, outcomes, error);
}

/** No retry can help, or none is left: the copy in the dead-letter queue comes first, so that a crash duplicates. */
async function giveUp(
  stage: Stage,
  { failedMessages, log, metrics, notices }: StageRuntime,
  message: QueueMessage,
  outcomes: readonly JobOutcome[],
  error: PipelineError,
): Promise<boolean> {
  const failedAt = new Date().toISOString();
  try {
    await failedMessages.sendToDeadLetters(stage.name, message.body, {
      importId: outcomes[0]?.attempt.importId ?? importIdOfBody(stage.name, message.body),
      attempts: (message.earlierFailure?.attempts ?? 0) + message.attempt,
      firstFailedAt: message.earlierFailure?.firstFailedAt ?? failedAt,
      lastFailedAt: failedAt,
      error: { code: error.code, message: error.message },
    });
  } catch (reason) {
    // Not acknowledged: SQS itself moves the message once its receives are used up.
    log.error('could not reach the dead-letter queue', {
      stage: stage.name,
      reason: toPipelineError(reason).message,
    });
    return false;
  }
  await Promise.all(failed(outcomes).map(({ attempt }) => bestEffort(log, attempt.fail(error))));
  for (const { attempt } of failed(outcomes))
    notices.send(failedNotice(attempt.importId, stage.name, error, new Date(failedAt)));
  metrics.put(stage.name, { dead_letters: 1 });
  log.error(`${stage.name} gave up a message`, {
    stage: stage.name,
    attempt: message.attempt,
    ...errorForLog(error),
  });
  return true;
}

function tellOfCompletion(stage: Stage, { notices }: StageRuntime, outcomes: readonly JobOutcome[]): void {
  for (const { attempt, result } of outcomes) {
    if (result.status === 'rejected') continue;
    const notice = completedNotice(attempt.importId, stage.name, countsOf(result.value), new Date());
    if (notice) notices.send(notice);
  }
}

const failed = (outcomes: readonly JobOutcome[]) =>
  outcomes.filter(({ result }) => result.status === 'rejected');

/** A retryable failure outweighs a permanent one: the message comes again for the sake of the former. */
async function firstFailure(
  outcomes: readonly JobOutcome[],
  unreadable: unknown,
): Promise<PipelineError | undefined> {
  if (unreadable !== undefined) return toPipelineError(unreadable);
  const results = await Promise.allSettled(
    outcomes.map(async ({ attempt, result }) => {
      if (result.status === 'rejected') throw result.reason;
      // Work whose status could not be stored counts as failed: it is idempotent, and people wait for the word.
      await attempt.complete(result.value);
    }),
  );
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [toPipelineError(result.reason)] : [],
  );
  return errors.find((error) => error.retryable) ?? errors[0];
}
