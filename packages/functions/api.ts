import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { createSteamClient } from '@savepoint/adapters/steam/steam-client.ts';
import type { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { createApiApp } from './api/app.ts';
import type { Env } from './runtime/env.ts';
import { type LambdaHandler, lambdaHandler } from './runtime/lambda.ts';
import type { Log } from './runtime/log.ts';

/** @param options.tokens null where the gateway in front has checked the caller, or nobody needs a token. */
export function createApi(env: Env, log: Log, options: { tokens: readonly string[] | null }): Hono {
  const sqs = createSqsClient(env.aws);
  const bucket = createBucket(createS3Client(env.aws), env.bucketName);
  const index = createImportIndex(bucket);
  const steam = createSteamClient({ apiUrl: env.steamApiUrl, apiKey: env.secret('steamApiKey') });
  return createApiApp({
    statuses: createImportStatusStore(bucket),
    index,
    queues: createStageQueues(sqs, env.deployment),
    deadLetters: createDeadLetters(sqs, env.deployment, { beforeSendingBack: index.reopen }),
    resolveVanityName: steam.resolveVanityName,
    now: () => new Date(),
    tokens: options.tokens,
    log,
  });
}

/** Behind API Gateway, whose authorizer has checked the token. */
export const handler = lambdaHandler(
  'api',
  (env, log) => handle(createApi(env, log, { tokens: null })) as LambdaHandler,
);
