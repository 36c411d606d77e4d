import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import type { Followed } from '@savepoint/core/operations/import-followed.ts';
import type { Context } from 'aws-lambda';
import { bucketOf } from './runtime/bucket.ts';
import type { Env } from './runtime/env.ts';
import { createFollowing } from './runtime/following.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import type { Log } from './runtime/log.ts';

/** Kept back to note how far it came. */
const reserveMs = 20_000;
/** As the deployment sets it, where nobody says how much is left. */
const timeoutMs = 240_000;

/** Called every five minutes: sends the imports of followed libraries that are due, and answers how many. */
export function createFollow(env: Env, log: Log) {
  const following = createFollowing(env, log, { bucket: bucketOf(env), sqs: createSqsClient(env.aws) });
  return (_event?: unknown, context?: Pick<Context, 'getRemainingTimeInMillis'>): Promise<Followed> => {
    const startedAt = performance.now();
    const leftMs = () => context?.getRemainingTimeInMillis?.() ?? timeoutMs - (performance.now() - startedAt);
    return following(() => leftMs() < reserveMs);
  };
}

export const handler = lambdaHandler('follow', createFollow);
