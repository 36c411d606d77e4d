import { type FunctionName, secrets, secretsOf } from '@savepoint/core/secrets.ts';
import type { Context } from 'aws-lambda';
import { type Env, readEnv } from './env.ts';
import { lazy } from './lazy.ts';
import { createJsonLog, type Log } from './log.ts';

export type LambdaHandler = (event: unknown, context?: Context) => Promise<unknown>;

/**
 * A Lambda entry point: the environment is read and the handler made at the first event, and again at the next
 * one if that failed, so that a broken start is reported with the event it cost and can heal.
 */
export function lambdaHandler(
  name: FunctionName,
  create: (env: Env, log: Log) => LambdaHandler,
): LambdaHandler {
  const handler = lazy(() => {
    const needed = secretsOf(name).filter((secret) => secrets[secret].required);
    const env = readEnv(process.env, needed);
    return create(env, createJsonLog(name, env));
  });
  return async (event, context) => (await handler())(event, context);
}
