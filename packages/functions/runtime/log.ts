import { createHash } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { PipelineError } from '@savepoint/core/errors.ts';

export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'SILENT';
export type LogFields = Readonly<Record<string, unknown>>;

/** One structured line a call. Never give it a secret, or a URL with a query string. */
export type Log = Record<'debug' | 'info' | 'warn' | 'error', (message: string, fields?: LogFields) => void>;

/** JSON lines for CloudWatch, in which people are named by a hash unless the deployment asked for their ids. */
export function createJsonLog(
  serviceName: string,
  { logLevel, logSteamIds }: { logLevel: LogLevel; logSteamIds: boolean },
): Log {
  const logger = new Logger({ serviceName, logLevel });
  const shown = logSteamIds ? <Value>(value: Value) => value : hideSteamIds;
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) =>
      logger[level](shown(message), shown(fields));
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** People's SteamID64s, wherever they stand: import ids, keys and paths hold them, and errors tell of those. */
const steamIds = /7656(?:119|120)\d{10}/g;

/** A copy of `value` with each person's id replaced, in every text that it holds, by the same short hash. */
const hideSteamIds = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value), (_name, inner) =>
    typeof inner === 'string' ? inner.replace(steamIds, shortHash) : inner,
  );
const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** An error for a line: what to know, without stacks of expected failures. */
export const errorForLog = (error: PipelineError): LogFields => ({
  error_code: error.code,
  error_message: error.message,
  retryable: error.retryable,
  ...(error.operatorHint ? { operator_hint: error.operatorHint } : {}),
  ...error.details,
});
