import fc from 'fast-check';
import { retryDelaySeconds } from '@savepoint/core/retry-delay.ts';
import { maxReceiveCount, retrySchedules } from '@savepoint/core/topology.ts';

const { cloud, local } = retrySchedules;

test('the delay doubles with each attempt and stays below the most', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7].map((attempt) => retryDelaySeconds(cloud, attempt, undefined, 1));
  expect(longest).toEqual([60, 120, 240, 480, 960, 1800, 1800]);
  expect(retryDelaySeconds(cloud, 1, undefined, 0)).toBe(30);
});

test('all local attempts are spent within two minutes', () => {
  let seconds = 0;
  for (let attempt = 1; attempt < maxReceiveCount; attempt += 1)
    seconds += retryDelaySeconds(local, attempt, undefined, 1);
  expect(seconds).toBeLessThan(120);
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
