import type { FauxqsServer } from 'fauxqs';

const lookEveryMs = 1000;
/** Less is the drift that a time service corrects all the time. */
const toleratedMs = 2000;

export type VisibilityChange = { queueUrl: string; receiptHandle: string; seconds: number };

/**
 * fauxqs hides messages until a time of day. A clock that is set back, by hand or by a time service after sleep, would
 * hide them for as much longer, so what is left of their time is set anew.
 * @returns what ends the watch.
 */
export function watchClockSetBack(
  server: Pick<FauxqsServer, 'inspectQueue'>,
  queueNames: () => Iterable<string>,
  change: (message: VisibilityChange) => Promise<void>,
): () => void {
  let before = readClocks();
  const look = async () => {
    const now = readClocks();
    const shouldBeMs = before.wallMs + (now.steadyMs - before.steadyMs);
    before = now;
    if (now.wallMs > shouldBeMs - toleratedMs) return;
    for (const name of queueNames()) {
      const queue = server.inspectQueue(name);
      for (const { receiptHandle, visibilityDeadline } of queue?.messages.inflight ?? [])
        await change({
          queueUrl: queue!.url,
          receiptHandle,
          seconds: Math.max(0, visibilityDeadline - shouldBeMs) / 1000,
        });
    }
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** The time of day, and a clock that nobody can set. */
const readClocks = () => ({ wallMs: Date.now(), steadyMs: performance.now() });
