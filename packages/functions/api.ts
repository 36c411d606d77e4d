import { createPersonObjects } from '@savepoint/adapters/s3/person-objects.ts';
import { createFollows } from '@savepoint/adapters/s3/follows.ts';
import { createDroppedFiles } from '@savepoint/adapters/s3/dropped-files.ts';
import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createPublishedLibraries } from '@savepoint/adapters/s3/published-libraries.ts';
import type { LookLimits } from '@savepoint/adapters/sqs/look-through-queue.ts';
import type { ApiToken } from '@savepoint/core/api-tokens.ts';
import type { Metrics } from '@savepoint/core/operations/metrics.ts';
import type { SearchGames } from '@savepoint/core/operations/search-games.ts';
import type { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { createApiApp } from './api/app.ts';
import type { ConsolePorts } from './api/console.ts';
import { createDeployedConsole } from './runtime/deployed-console.ts';
import type { DeepHealthPorts } from './api/deep-health.ts';
import { bucketOf } from './runtime/bucket.ts';
import { configuredAs, type Told, toldByDeployment } from './runtime/configured.ts';
import type { Env } from './runtime/env.ts';
import { type LambdaHandler, lambdaHandler } from './runtime/lambda.ts';
import { issuerTold } from './runtime/issuer.ts';
import { lazy, lazyPort } from './runtime/lazy.ts';
import type { Log } from './runtime/log.ts';
import { queuesOf } from './runtime/queues.ts';

export type ApiOptions = ConsolePorts & {
  /** Null where the gateway in front has checked the caller, or nobody needs a token. */
  tokens: readonly ApiToken[] | null;
  /** Of those whom an issuer lets do everything. Of use behind a gateway alone. */
  jwtScope?: string;
  /** Undefined: those that CloudWatch has. */
  metrics?: Metrics;
  /** Undefined: the function that is deployed for it. */
  gameSearch?: SearchGames;
  /** Beside those of the queues and the bucket. */
  checks?: DeepHealthPorts['health']['checks'];
  /** How dead letters are looked through; undefined: as SQS needs it. */
  look?: Partial<LookLimits>;
  told: Told;
};

export function createApi(
  env: Env,
  log: Log,
  { tokens, jwtScope, console, metrics, gameSearch, checks, look, told }: ApiOptions,
): Hono {
  const bucket = bucketOf(env);
  const index = createImportIndex(bucket);
  // Who asks how an import is, as most calls do, waits neither for the SQS client nor for Steam's.
  const queues = queuesOf(env, { ...look, beforeSendingBack: index.reopen });
  const apiKey = env.secret('steamApiKey');
  const steam = lazy(async () => {
    const { createSteamClient } = await import('@savepoint/adapters/steam/steam-client.ts');
    return createSteamClient({ apiUrl: env.steamApiUrl, apiKey });
  });
  const cloudWatch = lazy(async () => {
    const { createCloudWatchMetrics } = await import('@savepoint/adapters/cloudwatch/metrics.ts');
    return createCloudWatchMetrics(env.aws, env.deployment);
  });
  const searchFunction = lazy(async () => {
    const { createSearchFunction } = await import('@savepoint/adapters/lambda/search-function.ts');
    return createSearchFunction(`${env.deployment}-igdb-search`, env.aws);
  });
  const depths = async () => (await queues()).stageQueues.depths();
  return createApiApp({
    statuses: createImportStatusStore(bucket),
    index,
    objects: bucket,
    overrides: lazyPort(
      async () => (await import('@savepoint/adapters/s3/overrides-file.ts')).createOverridesFile(bucket),
      ['read', 'update'],
    ),
    ...createDroppedFiles(bucket),
    bucketName: env.bucketName,
    libraries: createPublishedLibraries(bucket),
    follows: createFollows(bucket),
    queues: lazyPort(async () => (await queues()).stageQueues, ['send', 'depths']),
    deadLetters: lazyPort(async () => (await queues()).deadLetters, ['list', 'redrive', 'discard']),
    ...lazyPort(steam, ['resolveVanityName']),
    forgetQueue: lazyPort(async () => (await queues()).forgetQueue, ['send']),
    personObjects: createPersonObjects(bucket),
    gameSearch: gameSearch ?? lazyPort(searchFunction, ['searchGames']),
    metrics: metrics ?? lazyPort(cloudWatch, ['series']),
    health: {
      checks: { queues: depths, bucket: () => index.page({ max: 1 }), ...checks },
      configured: configuredAs(env, told),
    },
    now: () => new Date(),
    tokens,
    jwtScope,
    console,
    log,
  });
}

/** Behind API Gateway, whose authorizer has checked the token. */
export const handler = lambdaHandler('api', (env, log) => {
  const issuer = issuerTold(process.env);
  return handle(
    createApi(env, log, {
      tokens: null,
      jwtScope: issuer.scope,
      console: createDeployedConsole(env, issuer),
      told: toldByDeployment(process.env),
    }),
  ) as LambdaHandler;
});
