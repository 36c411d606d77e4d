import { backOffSeconds } from '@savepoint/core/retry-delay.ts';
import type { RetrySchedule } from '@savepoint/core/topology.ts';

/** How often a request is sent before it counts as failed, the first time included, and how long to wait in between. */
export type Retries = RetrySchedule & { attempts: number };

export const defaultRetries: Retries = { attempts: 5, baseSeconds: 0.5, maxSeconds: 8 };

/** @param attempt the one that failed, from 1. */
export const retryDelayMs = (retries: Retries, attempt: number): number =>
  1000 * backOffSeconds(retries, attempt, Math.random());
