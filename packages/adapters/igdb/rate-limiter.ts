import { type Clock, orAborted } from './clock.ts';

/** Lets calls through evenly spaced, a few at a time. */
export type RateLimiter = {
  /**
   * @param call says `sent` when its request is on its way to IGDB: connecting may have taken long.
   * @throws the reason of `signal` when it aborts before the call was let through
   */
  run<Value>(call: (sent: () => void) => Promise<Value>, signal?: AbortSignal): Promise<Value>;
  /** Lets no call begin for so long, whoever waits. */
  pause(milliseconds: number): void;
};

export type RateLimits = { requestsPerSecond: number; openRequests: number };

/** A second, and a little for clocks that round. */
const windowMs = 1010;
/**
 * The longest that a request which was sent is taken to be on its way, until IGDB counts it: the network, and a busy
 * machine at either end. An answer is better evidence: what is answered was counted before.
 */
const transitMs = 140;
/** Evenly spaced, calls come no faster than IGDB's quickest answers would let them. */
const pacedWindowMs = 1050;

/**
 * What each of several instances may do, so that no second sees more than `limits` from all of them together.
 * @throws RangeError when there are more instances than requests to share
 */
export function shareOf(limits: RateLimits, instances: number): RateLimits {
  const requestsPerSecond = Math.floor(limits.requestsPerSecond / instances);
  const openRequests = Math.floor(limits.openRequests / instances);
  if (requestsPerSecond < 1 || openRequests < 1)
    throw new RangeError(
      `${instances} instances cannot share ${limits.requestsPerSecond} requests a second, ${limits.openRequests} open: lower the stage's maximumConcurrency.`,
    );
  return { requestsPerSecond, openRequests };
}

/**
 * A call begins when a second has passed since IGDB counted the one `requestsPerSecond` before it. When that was,
 * only IGDB knows; at the latest when its answer came, or `transitMs` after it was sent. So whatever is late, a timer,
 * a connection or an answer, the calls behind it wait, and those before it are not counted twice.
 */
export function createRateLimiter(
  { requestsPerSecond, openRequests }: RateLimits,
  clock: Clock,
): RateLimiter {
  const spacingMs = pacedWindowMs / requestsPerSecond;
  // As if a share had just been sent, because this instance may follow one that has sent its own and ended.
  let nextStart = clock.now() + spacingMs;
  const recent = Array.from({ length: requestsPerSecond }, (_, index) => ({
    countedBy: clock.now() - (requestsPerSecond - 1 - index) * spacingMs,
  }));
  let open = 0;
  let changed = Promise.withResolvers<void>();
  const tellChange = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };

  /** Waits for a free place and a free moment, and takes both before anybody else can look: a late timer lets nobody bunch. */
  const begin = async (signal: AbortSignal | undefined) => {
    for (;;) {
      signal?.throwIfAborted();
      const wait = Math.max(nextStart, recent[0]!.countedBy + windowMs) - clock.now();
      if (open >= openRequests || wait === Number.POSITIVE_INFINITY) await orAborted(changed.promise, signal);
      else if (wait > 0) await clock.sleep(wait, signal);
      else break;
    }
    // Who was late lets the next one keep its time, so that the rate does not suffer, but not follow on the heel.
    nextStart = Math.max(nextStart + spacingMs, clock.now() + spacingMs / 2);
    const start = { countedBy: Number.POSITIVE_INFINITY };
    recent.shift();
    recent.push(start);
    open += 1;
    return start;
  };
  return {
    async run(call, signal) {
      const start = await begin(signal);
      const countedBy = (moment: number) => {
        start.countedBy = Math.min(start.countedBy, moment);
        tellChange();
      };
      try {
        return await call(() => countedBy(clock.now() + transitMs));
      } finally {
        open -= 1;
        countedBy(clock.now());
      }
    },
    pause(milliseconds) {
      nextStart = Math.max(nextStart, clock.now() + milliseconds);
    },
  };
}
