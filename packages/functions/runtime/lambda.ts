import type { S3Client } from '@aws-sdk/client-s3';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { createImportRecords } from '@savepoint/adapters/s3/import-records.ts';
import { localDeployment } from '@savepoint/core/topology.ts';
import type { Context } from 'aws-lambda';
import { type Env, readEnv, type SecretName } from './env.ts';
import { createFailedMessages } from './failed-messages.ts';
import { lazy } from './lazy.ts';
import { createJsonLog, type Log } from './log.ts';
import { createMetrics, noMetrics } from './metrics.ts';
import { createNotices } from './notice.ts';
import type { StageRuntime } from './stage-work.ts';

export type LambdaHandler = (event: unknown, context?: Context) => Promise<unknown>;

/**
 * A Lambda entry point: the environment is read and the handler made at the first event, and again at the next
 * one if that failed, so that a broken start is reported with the event it cost and can heal.
 */
export function lambdaHandler(
  name: string,
  secrets: readonly SecretName[],
  create: (env: Env, log: Log) => LambdaHandler,
): LambdaHandler {
  const handler = lazy(() => {
    const env = readEnv(process.env, secrets);
    return create(env, createJsonLog(name, env));
  });
  return async (event, context) => (await handler())(event, context);
}

/** What every stage works with. */
export function createStageRuntime(env: Env, log: Log): StageRuntime & { s3: S3Client } {
  const s3 = createS3Client(env.aws);
  return {
    env,
    log,
    s3,
    records: createImportRecords(s3, env.bucket),
    failedMessages: createFailedMessages(env),
    retrySchedule: env.retrySchedule,
    metrics:
      env.deployment === localDeployment
        ? noMetrics
        : createMetrics(env.deployment, (line) => process.stdout.write(line)),
    notices: createNotices(env.noticeReceivers, { aws: env.aws, log }),
  };
}
