import { createHash } from 'node:crypto';
import { Logger } from '@aws-lambda-powertools/logger';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import type { PipelineError } from '@savepoint/core/errors.ts';
import type { Env } from './env.ts';

export type LogFields = Readonly<Record<string, unknown>>;

/** One structured line a call. Never give it a secret, or a URL with a query string. */
export type Log = Record<'debug' | 'info' | 'warn' | 'error', (message: string, fields?: LogFields) => void>;

/** JSON lines for CloudWatch. */
export function createJsonLog(serviceName: string, env: Env): Log {
  const logger = new Logger({ serviceName, logLevel: env.logLevel });
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}) =>
      logger[level](message, fields);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** How an import is named in a line: people by a hash, unless the deployment asked for their ids. */
export function importIdForLog(importId: ImportId, env: Pick<Env, 'logSteamIds'>): string {
  if (env.logSteamIds) return importId;
  const hash = createHash('sha256').update(importId.slice(0, 17)).digest('hex').slice(0, 12);
  return `${hash}-${importId.slice(18)}`;
}

/** An error for a line: what to know, without stacks of expected failures. */
export const errorForLog = (error: PipelineError): LogFields => ({
  error_code: error.code,
  error_message: error.message,
  retryable: error.retryable,
  ...(error.operatorHint ? { operator_hint: error.operatorHint } : {}),
  ...error.details,
});
