import type { Scope } from '@savepoint/core/api-tokens.ts';
import { toPipelineError } from '@savepoint/core/errors.ts';
import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerResult } from 'aws-lambda';
import { readTokens, scopeOf } from './api/tokens.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import { errorForLog, type Log } from './runtime/log.ts';

/** How long a token that was added waits, and one that was removed still works. */
const refreshIntervalMs = 60_000;

type Answer = APIGatewaySimpleAuthorizerResult & { context?: { scope: Scope } };

/**
 * Lets a call with one of the secret's tokens through. While Secrets Manager cannot be read, the tokens that it gave
 * last hold; a secret that was emptied lets nobody in. What the token may do goes on to the API, which checks it for each
 * route: the gateway remembers the answer for all of them.
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
  return async (event: unknown): Promise<Answer> => {
    const { authorization } = (event as APIGatewayRequestAuthorizerEventV2).headers ?? {};
    const scope = scopeOf(authorization, await currentTokens());
    return scope === null ? { isAuthorized: false } : { isAuthorized: true, context: { scope } };
  };
}

export const handler = lambdaHandler('authorizer', (env, log) => createAuthorizer(env, log));
