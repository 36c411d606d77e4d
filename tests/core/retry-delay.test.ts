import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { maxHiddenSeconds, retryDelaySeconds, retrySpan } from '@savepoint/core/retry-delay.ts';
import {
  maxReceiveCount,
  messageRetentionDays,
  retrySchedules,
  stageNames,
  stages,
  visibilityTimeoutSeconds,
} from '@savepoint/core/topology.ts';

const { cloud, local } = retrySchedules;

test('the delay doubles with each attempt and stays below the most', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7].map((attempt) => retryDelaySeconds(cloud, attempt, undefined, 1));
  expect(longest).toEqual([60, 120, 240, 480, 960, 1800, 1800]);
  expect(retryDelaySeconds(cloud, 1, undefined, 0)).toBe(30);
});

test('all local attempts are spent within two minutes', () => {
  expect(retrySpan(local).longestSeconds).toBeLessThan(120);
});

test('what can pass is retried for at least 90 minutes in the cloud, however unlucky the jitter', () => {
  const { shortestSeconds, longestSeconds } = retrySpan(cloud);
  expect(shortestSeconds).toBeGreaterThanOrEqual(90 * 60);
  let seconds = 0;
  for (let attempt = 1; attempt < maxReceiveCount; attempt += 1)
    seconds += retryDelaySeconds(cloud, attempt, undefined, 1);
  expect(longestSeconds).toBe(seconds);
});

test('the operations page says what the schedule gives', () => {
  const minutes = (seconds: number) => Math.floor(seconds / 60);
  const { shortestSeconds, longestSeconds } = retrySpan(cloud);
  const page = readFileSync('docs/operations.md', 'utf8').replace(/\s+/g, ' ');
  expect(page).toContain(
    `tried ${maxReceiveCount} times, after delays that double up to ${cloud.maxSeconds / 60} minutes: over ${minutes(shortestSeconds)} to ${minutes(longestSeconds)} minutes in the cloud, and ${retrySpan(local).shortestSeconds} to ${retrySpan(local).longestSeconds} seconds on one machine`,
  );
});

test('no queue forgets a message before its last attempt', () => {
  const longestSeconds = (maxReceiveCount - 1) * maxHiddenSeconds;
  expect(longestSeconds).toBeLessThan(messageRetentionDays * 86_400);
});

test.each(stageNames)('a long Retry-After is cut to what SQS still takes, however long %s had it', (name) => {
  const hiddenSeconds = visibilityTimeoutSeconds(stages[name]);
  for (const hours of [11, 12, 13, 1e6]) {
    const delay = retryDelaySeconds(cloud, 1, hours * 3600, 0.5, hiddenSeconds);
    expect(hiddenSeconds + delay).toBeLessThanOrEqual(maxHiddenSeconds);
    expect(delay).toBeGreaterThan(10 * 3600);
  }
});

test('Retry-After is honoured, up to the 12 hours for which SQS hides a message', () => {
  expect(retryDelaySeconds(local, 1, 90, 0.5)).toBe(90);
  expect(retryDelaySeconds(cloud, 3, 1, 0)).toBe(120);
  expect(retryDelaySeconds(local, 1, 86_400, 0.5)).toBe(43_200);
});

test('every delay is a whole number of seconds that SQS takes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (attempt, retryAfterSeconds, random) => {
        const seconds = retryDelaySeconds(cloud, attempt, retryAfterSeconds, random);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThan(0);
        expect(seconds).toBeLessThanOrEqual(43_200);
      },
    ),
  );
});
