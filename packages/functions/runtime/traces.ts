import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import type { Secret } from '@savepoint/adapters/secrets/secret.ts';
import { PipelineError, toPipelineError } from '@savepoint/core/errors.ts';
import type { StageName } from '@savepoint/core/topology.ts';
import { errorForLog, type Log } from './log.ts';

/** An attempt that ended, with what its line in the log says. */
export type AttemptTrace = {
  importId: string;
  stage: StageName;
  attempt: number;
  /** What set it off (see StageStatus). */
  run: string;
  startedAt: Date;
  durationMs: number;
  outcome: string;
  errorCode: string | null;
};

/** Sends each attempt to a collector of traces. Nothing here fails an import: what is not taken is logged and gone. */
export type Traces = {
  put(attempt: AttemptTrace): void;
  /** Resolves when what was put is sent or given up, after so many seconds at the latest. */
  sent(withinSeconds: number): Promise<void>;
};

/** A collector of OTLP over HTTP; its headers may hold a key. */
export type TraceCollector = { url: string; headers: Secret | undefined };

export const noTraces: Traces = { put: () => undefined, sent: async () => undefined };

/** People wait for the load, and nobody for its trace. */
const maxSeconds = 3;

/** What sends is loaded with the first attempt, so that it costs nobody a slower start. */
export function createTraces(
  collector: TraceCollector | undefined,
  { deployment, bucket, log }: { deployment: string; bucket: Bucket; log: Log },
): Traces {
  if (collector === undefined) return noTraces;
  let waiting: AttemptTrace[] = [];
  return {
    put: (attempt) => void waiting.push(attempt),
    async sent(withinSeconds) {
      const attempts = waiting;
      waiting = [];
      if (attempts.length === 0) return;
      const seconds = Math.min(maxSeconds, withinSeconds);
      const timeUp = Promise.withResolvers<never>();
      const timer = setTimeout(() => timeUp.reject(outOfTime()), seconds * 1000);
      const sending = import('./send-traces.ts').then(({ sendTraces }) =>
        sendTraces(collector, { deployment, bucket }, attempts, seconds),
      );
      await Promise.race([timeUp.promise, sending])
        .catch((error) => log.warn('could not send traces', errorForLog(toPipelineError(error))))
        .finally(() => clearTimeout(timer));
    },
  };
}

const outOfTime = () =>
  new PipelineError('TRACES_NOT_SENT', 'The traces were not taken in time.', {
    retryable: true,
    operatorHint: 'Look at the collector: it answers slowly, or not at all.',
  });
