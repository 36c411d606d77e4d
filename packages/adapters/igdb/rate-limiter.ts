import { type Clock, orAborted } from './clock.ts';

/** Lets calls through evenly spaced, in the order in which they came, a few at a time. */
export type RateLimiter = {
  /** @throws the reason of `signal` when it aborts before the call was let through */
  run<Value>(call: () => Promise<Value>, signal?: AbortSignal): Promise<Value>;
  /** Lets no call begin for so long, whoever waits. */
  pause(milliseconds: number): void;
};

export type RateLimits = { requestsPerSecond: number; openRequests: number };

/** Network and event loop may delay one request by this and the next by nothing. */
const jitterMs = 50;

/**
 * What each of several instances may do, so that no second sees more than `limits` from all of them together:
 * in any second, moved by the jitter at either end, an instance sends no more than its whole share.
 * @throws RangeError when there are more instances than requests to share
 */
export function shareOf(limits: RateLimits, instances: number): { intervalMs: number; openRequests: number } {
  const requestsPerSecond = Math.floor(limits.requestsPerSecond / instances);
  const openRequests = Math.floor(limits.openRequests / instances);
  if (requestsPerSecond < 1 || openRequests < 1)
    throw new RangeError(
      `${instances} instances can not share ${limits.requestsPerSecond} requests a second, ${limits.openRequests} open: lower the stage's maximumConcurrency.`,
    );
  return { intervalMs: (1000 + 2 * jitterMs) / requestsPerSecond, openRequests };
}

export function createRateLimiter(
  { intervalMs, openRequests }: { intervalMs: number; openRequests: number },
  clock: Clock,
): RateLimiter {
  // The first call waits too, because this instance may follow one that has just sent its share and ended.
  let nextStart = clock.now() + intervalMs;
  let open = 0;
  let placeFreed = Promise.withResolvers<void>();
  let lastTurn = Promise.resolve();

  /** One caller at a time waits here, so that a late timer can not let two calls through at once. */
  const waitForStart = async (signal: AbortSignal | undefined) => {
    while (open >= openRequests) await orAborted(placeFreed.promise, signal);
    for (let wait = nextStart - clock.now(); wait > 0; wait = nextStart - clock.now())
      await clock.sleep(wait, signal);
    nextStart = clock.now() + intervalMs;
    open += 1;
  };
  const takeTurn = async (signal: AbortSignal | undefined) => {
    const previousTurn = lastTurn;
    const turn = Promise.withResolvers<void>();
    lastTurn = turn.promise;
    try {
      await orAborted(previousTurn, signal);
      await waitForStart(signal);
    } finally {
      // Also for a caller who left early: those behind it stay behind those before it.
      previousTurn.then(turn.resolve);
    }
  };
  return {
    async run(call, signal) {
      await takeTurn(signal);
      try {
        return await call();
      } finally {
        open -= 1;
        placeFreed.resolve();
        placeFreed = Promise.withResolvers();
      }
    },
    pause(milliseconds) {
      nextStart = Math.max(nextStart, clock.now() + milliseconds);
    },
  };
}
