import { maxReceiveCount, type RetrySchedule } from './topology.ts';

/** SQS hides a message for 12 hours at the most, counted from the moment when it was received. */
export const maxHiddenSeconds = 12 * 60 * 60;

/**
 * Seconds to wait after a failure: doubling from `baseSeconds`, jittered over the upper half so that many failures do
 * not return together. @param attempt the one that failed, from 1. @param random from 0 to 1.
 */
export const backOffSeconds = (schedule: RetrySchedule, attempt: number, random: number): number =>
  Math.min(schedule.maxSeconds, schedule.baseSeconds * 2 ** (attempt - 1)) * (0.5 + random / 2);

/**
 * Seconds until a failed message is tried again; never sooner than the other side asked (`Retry-After`).
 * @param attempt the attempt that failed, from 1. @param random from 0 to 1.
 * @param hiddenSeconds how long the message may have been hidden by now: its queue's visibility timeout at most.
 */
export function retryDelaySeconds(
  schedule: RetrySchedule,
  attempt: number,
  retryAfterSeconds: number | undefined,
  random: number,
  hiddenSeconds = 0,
): number {
  const seconds = Math.max(backOffSeconds(schedule, attempt, random), retryAfterSeconds ?? 0);
  return Math.min(maxHiddenSeconds - hiddenSeconds, Math.ceil(seconds));
}

/** What all delays between a message's attempts add up to: with the unluckiest jitter, and with the luckiest. */
export function retrySpan(schedule: RetrySchedule): { shortestSeconds: number; longestSeconds: number } {
  const total = (random: number) =>
    Array.from({ length: maxReceiveCount - 1 }, (_, index) =>
      retryDelaySeconds(schedule, index + 1, undefined, random),
    ).reduce((sum, seconds) => sum + seconds, 0);
  return { shortestSeconds: total(0), longestSeconds: total(1) };
}
