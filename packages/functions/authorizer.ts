import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerResult } from 'aws-lambda';
import { isAuthorized, readTokens } from './api/tokens.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import type { Log } from './runtime/log.ts';

/** How long a token that was added waits, and one that was removed still works. */
const refreshIntervalMs = 60_000;

/** Lets a call with one of the secret's tokens through. */
export function createAuthorizer(env: Env, _log: Log, now: () => number = Date.now) {
  const secret = env.secret('apiToken');
  let readAt = now();
  const currentTokens = async () => {
    const refresh = now() - readAt >= refreshIntervalMs;
    if (refresh) readAt = now();
    return readTokens(await secret({ refresh }));
  };
  return async (event: unknown): Promise<APIGatewaySimpleAuthorizerResult> => {
    const { authorization } = (event as APIGatewayRequestAuthorizerEventV2).headers ?? {};
    return { isAuthorized: isAuthorized(authorization, await currentTokens()) };
  };
}

export const handler = lambdaHandler('authorizer', (env, log) => createAuthorizer(env, log));
