import { exportSpans } from '@savepoint/adapters/otlp/export-spans.ts';
import { traceIdOf } from '@savepoint/adapters/otlp/trace-id.ts';
import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import { readLogKey } from '@savepoint/adapters/s3/log-key.ts';
import { personHash } from '@savepoint/adapters/s3/person-hash.ts';
import type { Secret } from '@savepoint/adapters/secrets/secret.ts';
import { PipelineError } from '@savepoint/core/errors.ts';
import type { AttemptTrace, TraceCollector } from './traces.ts';

/** @throws PipelineError TRACES_REFUSED, STORAGE_…, SECRET_… */
export async function sendTraces(
  { url, headers }: TraceCollector,
  { deployment, bucket }: { deployment: string; bucket: Bucket },
  attempts: readonly AttemptTrace[],
  timeoutSeconds: number,
): Promise<void> {
  const [key, headersText] = await Promise.all([readLogKey(bucket), headersOf(headers)]);
  const spans = attempts.map(
    ({ importId, stage, attempt, run, startedAt, durationMs, outcome, errorCode }) => {
      const [steamId = '', ...timestamp] = importId.split('-');
      return {
        traceId: traceIdOf(key, importId),
        name: stage,
        startedAt,
        durationMs,
        errorCode,
        attributes: {
          // As in the log, so that one leads to the other.
          'savepoint.import_id': [personHash(key, steamId), ...timestamp].join('-'),
          'savepoint.attempt': attempt,
          'savepoint.run': run,
          'savepoint.outcome': outcome,
        },
      };
    },
  );
  const resource = {
    'service.name': 'savepoint',
    'service.namespace': deployment,
    ...(attempts[0] && { 'faas.name': `${deployment}-${attempts[0].stage}` }),
  };
  await exportSpans({ url, headers: headersText }, resource, spans, timeoutSeconds);
}

/** An empty secret is a collector that wants none. */
const headersOf = async (headers: Secret | undefined): Promise<string> =>
  (await headers?.().catch((error) => {
    if (error instanceof PipelineError && error.code === 'SECRET_EMPTY') return '';
    throw error;
  })) ?? '';
