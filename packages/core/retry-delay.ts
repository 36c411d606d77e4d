import type { RetrySchedule } from './topology.ts';

/** SQS hides a message for 12 hours at the most. */
const maxVisibilitySeconds = 12 * 60 * 60;

/**
 * Seconds until a failed message is tried again: doubling from `baseSeconds`, with full jitter over the upper
 * half so that many failures do not return together; never sooner than the other side asked (`Retry-After`).
 * @param attempt the attempt that failed, from 1. @param random from 0 to 1.
 */
export function retryDelaySeconds(
  schedule: RetrySchedule,
  attempt: number,
  retryAfterSeconds: number | undefined,
  random: number,
): number {
  const ceiling = Math.min(schedule.maxSeconds, schedule.baseSeconds * 2 ** (attempt - 1));
  const jittered = ceiling * (0.5 + random / 2);
  return Math.min(maxVisibilitySeconds, Math.ceil(Math.max(jittered, retryAfterSeconds ?? 0)));
}
