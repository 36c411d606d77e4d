import { type Clock, orAborted } from './clock.ts';

/** Lets calls through evenly spaced, a few at a time. */
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

  /** Waits for a free place and a free moment, and takes both before anybody else can look: a late timer lets nobody bunch. */
  const begin = async (signal: AbortSignal | undefined) => {
    for (;;) {
      signal?.throwIfAborted();
      const wait = nextStart - clock.now();
      if (open >= openRequests) await orAborted(placeFreed.promise, signal);
      else if (wait > 0) await clock.sleep(wait, signal);
      else break;
    }
    nextStart = clock.now() + intervalMs;
    open += 1;
  };
  return {
    async run(call, signal) {
      await begin(signal);
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
