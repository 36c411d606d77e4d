import type { Clock } from '@savepoint/adapters/igdb/clock.ts';

/** Time that stands still until a test lets it run. `latenessMs` gives how late each timer fires. */
export function createVirtualClock({
  latenessMs = (): number => 0,
} = {}): Clock & { run(untilMs?: number): Promise<void> } {
  let time = 0;
  let sleepers: { wakesAt: number; wake: () => void }[] = [];
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { wakesAt: time + milliseconds + latenessMs(), wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(signal.reason);
        });
      }),
    /** From one timer to the next, until `untilMs` or until nobody sleeps. */
    async run(untilMs = Number.POSITIVE_INFINITY) {
      for (;;) {
        await settle();
        const next = sleepers.toSorted((a, b) => a.wakesAt - b.wakesAt)[0];
        if (!next || next.wakesAt > untilMs) break;
        sleepers = sleepers.filter((sleeper) => sleeper !== next);
        time = Math.max(time, next.wakesAt);
        next.wake();
      }
      if (untilMs !== Number.POSITIVE_INFINITY) time = Math.max(time, untilMs);
    },
  };
}
