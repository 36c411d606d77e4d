import { toPipelineError } from '@savepoint/core/errors.ts';
import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerResult } from 'aws-lambda';
import { isAuthorized, readTokens } from './api/tokens.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import { errorForLog, type Log } from './runtime/log.ts';

/** How long a token that was added waits, and one that was removed still works. */
const refreshIntervalMs = 60_000;

/**
 * Lets a call with one of the secret's tokens through. While Secrets Manager cannot be read, the tokens that it gave
 * last hold; a secret that was emptied lets nobody in.
 */
export function createAuthorizer(env: Env, log: Log, now: () => number = Date.now) {
  const secret = env.secret('apiToken');
  let readAt = now();
  let lastGood: string | undefined;
  const currentTokens = async () => {
    const refresh = now() - readAt >= refreshIntervalMs;
    if (lastGood !== undefined && !refresh) return readTokens(lastGood);
    readAt = now();
    try {
      lastGood = await secret({ refresh });
    } catch (thrown) {
      const error = toPipelineError(thrown);
      if (lastGood === undefined || error.code === 'SECRET_EMPTY') throw error;
      log.warn('could not read the tokens again; those read last still hold', errorForLog(error));
    }
    return readTokens(lastGood);
  };
  return async (event: unknown): Promise<APIGatewaySimpleAuthorizerResult> => {
    const { authorization } = (event as APIGatewayRequestAuthorizerEventV2).headers ?? {};
    return { isAuthorized: isAuthorized(authorization, await currentTokens()) };
  };
}

export const handler = lambdaHandler('authorizer', (env, log) => createAuthorizer(env, log));
