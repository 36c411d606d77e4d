import { jest } from '@jest/globals';
import { tellSlowSteps } from '@savepoint/local/slow-steps.ts';

afterEach(() => jest.useRealTimers());

test('a step is told once it has taken a second, and only then', () => {
  jest.useFakeTimers();
  const told: string[] = [];
  const steps = tellSlowSteps((line) => told.push(line));
  steps.begin('the database');
  jest.advanceTimersByTime(999);
  steps.begin('the queues');
  jest.advanceTimersByTime(999);
  expect(told).toEqual([]);
  jest.advanceTimersByTime(5000);
  expect(told).toEqual(['Waiting for the queues …']);
  steps.begin('the bucket');
  steps.end();
  jest.advanceTimersByTime(5000);
  expect(told).toHaveLength(1);
});
