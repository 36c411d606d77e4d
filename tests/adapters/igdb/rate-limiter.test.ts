import { createRateLimiter, type RateLimits, shareOf } from '@savepoint/adapters/igdb/rate-limiter.ts';
import { igdbLimits } from '@savepoint/core/topology.ts';
import fc from 'fast-check';
import { createVirtualClock } from './virtual-clock.ts';

/** One call every 105 ms: ten a second, and some room. */
const share = { requestsPerSecond: 10, openRequests: 3 };

type Course = {
  /** From the start of a call until its request is on its way. */
  sendingMs: number;
  /** From there until IGDB counts it, and on to the answer. */
  transitMs: number;
  answerMs: number;
};
const atOnce: Course = { sendingMs: 0, transitMs: 0, answerMs: 0 };

/** Lets calls of these courses come at once; gives when each began, and when IGDB counted it. */
async function runCalls(
  courses: readonly Course[],
  limits: RateLimits = share,
  latenessMs: () => number = () => 0,
): Promise<{ starts: number[]; counted: number[] }> {
  const clock = createVirtualClock({ latenessMs });
  const limiter = createRateLimiter(limits, clock);
  const starts: number[] = [];
  const counted: number[] = [];
  for (const { sendingMs, transitMs, answerMs } of courses)
    void limiter.run(async (sent) => {
      starts.push(clock.now());
      if (sendingMs > 0) await clock.sleep(sendingMs);
      counted.push(clock.now() + transitMs);
      sent();
      if (transitMs + answerMs > 0) await clock.sleep(transitMs + answerMs);
    });
  await clock.run();
  return { starts, counted: counted.sort((a, b) => a - b) };
}
const startsOf = async (count: number, course: Partial<Course> = {}, limits = share) =>
  (await runCalls(Array(count).fill({ ...atOnce, ...course }), limits)).starts;

function expectNoFullSecond(counted: readonly number[]) {
  for (const moment of counted)
    expect(counted.filter((other) => other >= moment && other < moment + 1000).length).toBeLessThanOrEqual(
      igdbLimits.requestsPerSecond,
    );
}

test('calls that come together begin evenly spaced, the first one an interval after the start', async () => {
  expect(await startsOf(5)).toEqual([105, 210, 315, 420, 525]);
});

test('a late timer bunches nobody, and those behind it keep their time', async () => {
  const lateness = [0, 70, 0, 500, 0, 0, 0];
  const { starts } = await runCalls(Array(6).fill(atOnce), share, () => lateness.shift() ?? 0);
  const gaps = starts.slice(1).map((start, index) => start - starts[index]!);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(105 / 2);
});

test('no more are open than allowed', async () => {
  const starts = await startsOf(5, { answerMs: 1000 });
  expect(starts).toEqual([105, 210, 315, 1105, 1210]);
});

test('a call that fails frees its place and gives its error', async () => {
  const clock = createVirtualClock();
  const limiter = createRateLimiter({ ...share, openRequests: 1 }, clock);
  const failed = limiter.run(() => Promise.reject(new Error('no'))).catch((error) => error.message);
  const next = limiter.run(async () => clock.now());
  await clock.run();
  expect(await failed).toBe('no');
  expect(await next).toBe(210);
});

test('after a quiet time the next call begins at once', async () => {
  const clock = createVirtualClock();
  const limiter = createRateLimiter(share, clock);
  await clock.run(5000);
  const start = limiter.run(async () => clock.now());
  await clock.run();
  expect(await start).toBe(5000);
});

test('a pause holds everybody back, and the spacing goes on behind it', async () => {
  const clock = createVirtualClock();
  const limiter = createRateLimiter(share, clock);
  const starts = [1, 2, 3, 4].map((call) =>
    limiter.run(async () => {
      if (call === 2) limiter.pause(1000);
      return clock.now();
    }),
  );
  await clock.run();
  expect(await Promise.all(starts)).toEqual([105, 210, 1210, 1315]);
});

test('a shorter pause does not end a longer one', async () => {
  const clock = createVirtualClock();
  const limiter = createRateLimiter(share, clock);
  limiter.pause(1000);
  limiter.pause(300);
  const start = limiter.run(async () => clock.now());
  await clock.run();
  expect(await start).toBe(1000);
});

test('who is stopped leaves at once and takes nobody’s turn', async () => {
  const clock = createVirtualClock();
  const limiter = createRateLimiter(share, clock);
  const stop = new AbortController();
  const begun: string[] = [];
  const call = (name: string, signal?: AbortSignal) =>
    limiter.run(async () => begun.push(`${name} ${clock.now()}`), signal).catch((error) => error.message);
  void call('first');
  const stopped = [call('second', stop.signal), call('third', stop.signal)];
  void call('fourth');
  await clock.run(150);
  stop.abort(new Error('stopped'));
  expect(await Promise.all(stopped)).toEqual(['stopped', 'stopped']);
  await clock.run();
  expect(begun).toEqual(['first 105', 'fourth 210']);
});

test('who is stopped while it waits for a free place leaves too', async () => {
  const clock = createVirtualClock();
  const limiter = createRateLimiter({ ...share, openRequests: 1 }, clock);
  const stop = new AbortController();
  void limiter.run(() => clock.sleep(10_000));
  const stopped = limiter.run(async () => 'ran', stop.signal).catch((error) => error.message);
  await clock.run(1000);
  stop.abort(new Error('stopped'));
  expect(await stopped).toBe('stopped');
});

describe('shares', () => {
  test('of IGDB’s limits', () => {
    expect(shareOf(igdbLimits, 1)).toEqual({ requestsPerSecond: 4, openRequests: 8 });
    expect(shareOf(igdbLimits, 2)).toEqual({ requestsPerSecond: 2, openRequests: 4 });
    expect(shareOf(igdbLimits, 3)).toEqual({ requestsPerSecond: 1, openRequests: 2 });
  });

  test('more instances than requests are a mistake of the topology', () => {
    expect(() => shareOf(igdbLimits, 5)).toThrow(/maximumConcurrency/);
  });

  const lateness = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })), { minLength: 1 });
  const course = fc.record({
    sendingMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 500 })),
    transitMs: fc.integer({ min: 0, max: 140 }),
    answerMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1500 })),
  });
  const instance = fc.record({
    offset: fc.integer({ min: 0, max: 1500 }),
    lateness,
    courses: fc.array(course, { minLength: 12, maxLength: 12 }),
  });

  test('no second at IGDB ever sees more than four, whatever is late: timers, connections, answers', () =>
    fc.assert(
      fc.asyncProperty(fc.array(instance, { minLength: 1, maxLength: 4 }), async (running) => {
        const limits = shareOf(igdbLimits, running.length);
        const counted = await Promise.all(
          running.map(async ({ offset, lateness, courses }) => {
            let timer = 0;
            const late = () => lateness[timer++ % lateness.length] ?? 0;
            return (await runCalls(courses, limits, late)).counted.map((moment) => moment + offset);
          }),
        );
        expectNoFullSecond(counted.flat());
      }),
      { numRuns: 100 },
    ));

  test('an instance that follows another one does not double its share', async () => {
    const starts = await startsOf(4, {}, shareOf(igdbLimits, 1));
    const ended = starts.at(-1) ?? 0;
    expectNoFullSecond([...starts, ...starts.map((start) => ended + start)]);
  });

  test.each([
    ['quick', 20, 4 / 1.05],
    ['slow', 2000, 4 / 1.15],
  ])('with %s answers, of the four requests a second few are given up', async (_what, answerMs, rate) => {
    const starts = await startsOf(41, { answerMs }, shareOf(igdbLimits, 1));
    const seconds = (starts.at(-1)! - starts[0]!) / 1000;
    expect(40 / seconds).toBeGreaterThanOrEqual(rate - 0.001);
  });
});
