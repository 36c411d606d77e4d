import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerResult } from 'aws-lambda';
import { isAuthorized, readTokens } from './api/tokens.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import type { Log } from './runtime/log.ts';

/** At most so often is the secret read again for a token that is not in it, so that wrong ones cost nothing. */
const refreshIntervalMs = 30_000;

/** Lets a call with one of the tokens through. An unknown token may be a new one, for which the secret is read again. */
export function createAuthorizer(env: Env, _log: Log, now: () => number = Date.now) {
  const secret = env.secret('apiToken');
  let refreshedAt = now();
  return async (event: unknown): Promise<APIGatewaySimpleAuthorizerResult> => {
    const { authorization } = (event as APIGatewayRequestAuthorizerEventV2).headers ?? {};
    if (isAuthorized(authorization, readTokens(await secret()))) return { isAuthorized: true };
    if (now() - refreshedAt < refreshIntervalMs) return { isAuthorized: false };
    refreshedAt = now();
    return { isAuthorized: isAuthorized(authorization, readTokens(await secret({ refresh: true }))) };
  };
}

export const handler = lambdaHandler('authorizer', ['apiToken'], (env, log) => createAuthorizer(env, log));
