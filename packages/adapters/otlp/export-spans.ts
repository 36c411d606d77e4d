import { randomBytes } from 'node:crypto';
import { PipelineError } from '@savepoint/core/errors.ts';
import { exchange } from '../http/exchange.ts';

/** One attempt of one stage on one import. */
export type Span = {
  /** 32 hexadecimal digits. */
  traceId: string;
  name: string;
  startedAt: Date;
  durationMs: number;
  attributes: Readonly<Record<string, string | number | boolean>>;
  /** The code of the error that it ended in; null when it ended well. */
  errorCode: string | null;
};

export type Collector = {
  /** Of OTLP over HTTP, without `/v1/traces`. */
  url: string;
  /** `name=value`, separated by commas, as OTEL_EXPORTER_OTLP_HEADERS. */
  headers: string;
};

/**
 * Sends spans as OTLP over HTTP in JSON, which every collector takes; once, because a stage waits meanwhile.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 * @param resource what all of them say of where they come from.
 * @throws PipelineError TRACES_REFUSED, without the address, which may hold a secret.
 */
export async function exportSpans(
  { url, headers }: Collector,
  resource: Readonly<Record<string, string>>,
  spans: readonly Span[],
  timeoutSeconds: number,
): Promise<void> {
  const answer = await exchange({
    method: 'post',
    url: `${url.replace(/\/+$/, '')}/v1/traces`,
    headers: { 'content-type': 'application/json', ...readHeaders(headers) },
    body: JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: attributesOf(resource) },
          scopeSpans: [{ scope: { name: 'savepoint' }, spans: spans.map(encode) }],
        },
      ],
    }),
    timeoutSeconds,
    maxBytes: 0,
  });
  if (answer.status !== null && answer.status >= 200 && answer.status < 300) return;
  const reason = answer.status === null ? answer.reason : `HTTP ${answer.status}`;
  throw new PipelineError('TRACES_REFUSED', `The collector did not take the traces (${reason}).`, {
    retryable: true,
    operatorHint: 'Look at OTEL_EXPORTER_OTLP_ENDPOINT, and at the headers that it wants.',
    details: { reason },
  });
}

/** https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables */
const readHeaders = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(',')
      .map((pair) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [])
      .flatMap(([, name, value]) => (name ? [[name, decodeURIComponent(value ?? '')]] : [])),
  );

/** Of the enumerations in trace.proto; JSON has their numbers. */
const kindConsumer = 5;
const [statusOk, statusError] = [1, 2];

function encode({ traceId, name, startedAt, durationMs, attributes, errorCode }: Span) {
  const startNs = BigInt(startedAt.getTime()) * 1_000_000n;
  return {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name,
    kind: kindConsumer,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + BigInt(Math.max(0, Math.round(durationMs))) * 1_000_000n),
    attributes: attributesOf(attributes),
    status: errorCode === null ? { code: statusOk } : { code: statusError, message: errorCode },
  };
}

const attributesOf = (values: Readonly<Record<string, string | number | boolean>>) =>
  Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));

function anyValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
