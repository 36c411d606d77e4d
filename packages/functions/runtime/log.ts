import { randomUUID } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import { traceIdOf } from '@savepoint/adapters/otlp/trace-id.ts';
import { personHash } from '@savepoint/adapters/s3/person-hash.ts';
import type { PipelineError } from '@savepoint/core/errors.ts';
import { requestId } from './request-id.ts';
import { withSourcePlaces } from './source-places.ts';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'SILENT';
export type LogFields = Readonly<Record<string, unknown>>;

/** One structured line a call. Never give it a secret, or a URL with a query string. */
export type Log = Record<'debug' | 'info' | 'warn' | 'error', (message: string, fields?: LogFields) => void>;

/**
 * JSON lines for CloudWatch, in which people are named by a hash unless the deployment asked for their ids.
 * @param options.personKey the key of the hash; until there is one, a random one of this process.
 */
export function createJsonLog(
  serviceName: string,
  options: { logLevel: LogLevel; logSteamIds: boolean; personKey?: () => string | undefined },
): Log {
  const { logLevel, logSteamIds, personKey } = options;
  const logger = new Logger({ serviceName, logLevel });
  const ownKey = randomUUID();
  const shown = <Value>(value: Value): Value =>
    logSteamIds ? value : hideSteamIds(value, personKey?.() ?? ownKey);
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) =>
      logger[level](shown(message), shown({ ...idsOf(fields, personKey?.()), ...fields }));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** By what a line is found: the invocation that wrote it, and the trace of its import. */
function idsOf({ import_id }: LogFields, key: string | undefined): LogFields {
  const aws_request_id = requestId();
  return {
    ...(aws_request_id !== undefined && { aws_request_id }),
    ...(key !== undefined && typeof import_id === 'string' && { trace_id: traceIdOf(key, import_id) }),
  };
}

/** People's SteamID64s, wherever they stand: import ids, keys and paths hold them, and errors tell of those. */
const steamIds = /7656(?:119|120)\d{10}/g;

/** A copy of `value` with each person's id replaced, in every text that it holds, by the same short hash. */
const hideSteamIds = <Value>(value: Value, key: string): Value =>
  JSON.parse(JSON.stringify(value), (_name, inner) =>
    typeof inner === 'string' ? inner.replace(steamIds, (steamId) => personHash(key, steamId)) : inner,
  );

/** An error for a line: what to know, with the stack of what nobody foresaw. */
export const errorForLog = (error: PipelineError): LogFields => ({
  error_code: error.code,
  error_message: error.message,
  retryable: error.retryable,
  ...(error.operatorHint ? { operator_hint: error.operatorHint } : {}),
  ...error.details,
  ...(error.code === 'UNEXPECTED' && error.cause instanceof Error ? { stack: stackOf(error.cause) } : {}),
});

export const stackOf = ({ stack }: Error): string | undefined => stack && withSourcePlaces(stack);
