import { createRateLimiter, shareOf } from '@savepoint/adapters/igdb/rate-limiter.ts';
import { igdbLimits } from '@savepoint/core/topology.ts';
import fc from 'fast-check';
import { createVirtualClock } from './virtual-clock.ts';

const share = { intervalMs: 100, openRequests: 3 };

/** Lets `count` calls of `durationMs` come at once; gives the times at which they began. */
async function startsOf(
  count: number,
  limits = share,
  { durationMs = 0, latenessMs = 0 } = {},
): Promise<number[]> {
  const clock = createVirtualClock({ latenessMs });
  const limiter = createRateLimiter(limits, clock);
  const starts: number[] = [];
  for (let call = 0; call < count; call++)
    void limiter.run(async () => {
      starts.push(clock.now());
      if (durationMs > 0) await clock.sleep(durationMs);
    });
  await clock.run();
  return starts;
}

test('calls that come together begin evenly spaced, the first one an interval after the start', async () => {
  expect(await startsOf(5)).toEqual([100, 200, 300, 400, 500]);
});

test('a late timer moves the calls behind it, and never bunches them', async () => {
  const starts = await startsOf(4, share, { latenessMs: 70 });
  expect(starts).toEqual([170, 340, 510, 680]);
});

test('no more are open than allowed', async () => {
  const starts = await startsOf(5, share, { durationMs: 1000 });
  expect(starts).toEqual([100, 200, 300, 1100, 1200]);
});

test('a call that fails frees its place and gives its error', async () => {
  const clock = createVirtualClock();
  const limiter = createRateLimiter({ intervalMs: 100, openRequests: 1 }, clock);
  const failed = limiter.run(() => Promise.reject(new Error('no'))).catch((error) => error.message);
  const next = limiter.run(async () => clock.now());
  await clock.run();
  expect(await failed).toBe('no');
  expect(await next).toBe(200);
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
  expect(await Promise.all(starts)).toEqual([100, 200, 1200, 1300]);
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
  expect(begun).toEqual(['first 100', 'fourth 200']);
});

test('who is stopped while it waits for a free place leaves too', async () => {
  const clock = createVirtualClock();
  const limiter = createRateLimiter({ intervalMs: 100, openRequests: 1 }, clock);
  const stop = new AbortController();
  void limiter.run(() => clock.sleep(10_000));
  const stopped = limiter.run(async () => 'ran', stop.signal).catch((error) => error.message);
  await clock.run(1000);
  stop.abort(new Error('stopped'));
  expect(await stopped).toBe('stopped');
});

describe('shares', () => {
  test('of IGDB’s limits, with room for the jitter', () => {
    expect(shareOf(igdbLimits, 1)).toEqual({ intervalMs: 275, openRequests: 8 });
    expect(shareOf(igdbLimits, 2)).toEqual({ intervalMs: 550, openRequests: 4 });
    expect(shareOf(igdbLimits, 3)).toEqual({ intervalMs: 1100, openRequests: 2 });
    expect(shareOf(igdbLimits, 4)).toEqual({ intervalMs: 1100, openRequests: 2 });
  });

  test('more instances than requests are a mistake of the topology', () => {
    expect(() => shareOf(igdbLimits, 5)).toThrow(/maximumConcurrency/);
  });

  test('no second at IGDB ever sees more than four, however instances and networks are out of step', async () => {
    const startsByInstances = new Map<number, number[]>();
    for (const instances of [1, 2, 3, 4])
      startsByInstances.set(instances, await startsOf(12, shareOf(igdbLimits, instances)));
    const jitter = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 12, maxLength: 12 });
    const instance = fc.record({ offset: fc.integer({ min: 0, max: 1500 }), jitter });
    fc.assert(
      fc.property(fc.array(instance, { minLength: 1, maxLength: 4 }), (running) => {
        const starts = startsByInstances.get(running.length) ?? [];
        const arrivals = running.flatMap(({ offset, jitter }) =>
          starts.map((start, index) => start + offset + (jitter[index] ?? 0)),
        );
        for (const arrival of arrivals) {
          const second = arrivals.filter((other) => other >= arrival && other < arrival + 1000);
          expect(second.length).toBeLessThanOrEqual(igdbLimits.requestsPerSecond);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('an instance that follows another one does not double its share', async () => {
    const starts = await startsOf(4, shareOf(igdbLimits, 1));
    const ended = starts.at(-1) ?? 0;
    const arrivals = [...starts, ...starts.map((start) => ended + start)];
    for (const arrival of arrivals)
      expect(
        arrivals.filter((other) => other >= arrival && other < arrival + 1000).length,
      ).toBeLessThanOrEqual(4);
  });
});
