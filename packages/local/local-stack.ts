import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import { createIndexedMark } from '@savepoint/adapters/s3/indexed-mark.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { indexImports } from '@savepoint/core/operations/index-imports.ts';
import { type Bucket, createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { PipelineError } from '@savepoint/core/errors.ts';
import { localDeployment, type RetrySchedule } from '@savepoint/core/topology.ts';
import type { Log } from '@savepoint/functions/runtime/log.ts';
import { createFunctionEnv, type FunctionSettings } from './function-env.ts';
import { explainDataDirError, prepareDataDir } from './data-dir.ts';
import type { EmbeddedPostgres } from './embedded/postgres.ts';
import { startLocalApi } from './local-api.ts';
import { type Listening, onLoopback } from './listening.ts';
import type { LocalEnv } from './local-env.ts';
import { provision } from './provision.ts';
import { createRecentMetrics } from './recent-metrics.ts';
import { withSimulators } from './simulated-apis.ts';
import type { Simulators } from '@savepoint/simulators/start-simulators.ts';
import { startFollowing } from './following.ts';
import { startSelfHealing } from './self-healing.ts';
import { startStorage } from './start-storage.ts';
import { startStagesThread } from './stages-thread.ts';

export type LocalStack = {
  apiUrl: string;
  awsEndpointUrl: string;
  /** Where S3 and SQS were at the last run, when another program has that port now. */
  takenAwsPort: number | undefined;
  region: string;
  bucket: string;
  databaseUrl: string;
  /** Null when real keys are set for everything. */
  simulators: Simulators | null;
  /** To be stopped and started again; null where it is somebody's own. */
  database: Pick<EmbeddedPostgres, 'interrupt' | 'resume'> | null;
  /** Finishes what is in hand, then stops everything that was started. */
  close(): Promise<void>;
};

export type LocalStackOptions = {
  env: LocalEnv;
  log: Log;
  /** False for data that is thrown away: faster, and not safe in a power cut. */
  durable: boolean;
  /** Where the HTTP API listens; default: on 127.0.0.1. */
  listening?: Listening;
  /** Default: the topology's for one machine. */
  retrySchedule?: RetrySchedule;
  /** Hears what is being waited for, such as `the database at db.example.org`. */
  onStep?: (waitingFor: string) => void;
};

/**
 * The whole pipeline in this process and its threads: storage, queues, database and simulators where none are given, then the
 * stages on their queues and the HTTP API. What was started is stopped again when a later part fails.
 * @throws PipelineError PORT_TAKEN, DATA_DIR_IN_USE, AWS_ENDPOINT_UNUSABLE and others that say what to do.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { env: given, log, onStep = () => undefined } = options;
  const parts: { close(): Promise<unknown> }[] = [];
  const keep = async <Part extends { close(): Promise<unknown> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    parts.push(part);
    return part;
  };
  const close = async () => {
    // The last started goes first: what uses before what is used.
    for (const part of parts.splice(0).reverse()) await part.close();
  };
  try {
    const { env, simulators } = await withSimulators(given);
    if (simulators) parts.push(simulators);
    prepareDataDir(env.DATA_DIR);
    const thread = startStagesThread();
    parts.push(thread);
    onStep('PostgreSQL, S3 and SQS to start');
    const { awsEndpointUrl, databaseUrl, database, takenAwsPort } = await startStorage(
      env,
      options.durable,
      keep,
      log,
    );
    const settings: FunctionSettings = {
      env,
      awsEndpointUrl,
      databaseUrl,
      ...(options.retrySchedule && { retrySchedule: options.retrySchedule }),
    };
    const functionEnv = createFunctionEnv(settings);
    onStep(`the database at ${new URL(databaseUrl).host}`);
    await migrate(databaseUrl);
    const clients = { s3: createS3Client(functionEnv.aws), sqs: createSqsClient(functionEnv.aws) };
    onStep(`S3 and SQS at ${awsEndpointUrl}`);
    const provisioned = await provision({
      ...clients,
      bucket: env.S3_BUCKET,
      deployment: localDeployment,
      visibilityTimeoutSeconds,
    }).catch((error) => Promise.reject(explainAwsError(error, awsEndpointUrl)));
    const bucket = createBucket(clients.s3, env.S3_BUCKET);
    onStep('the index of imports');
    await indexOnce(bucket);
    const metrics = createRecentMetrics(createStageQueues(clients.sqs, localDeployment));
    parts.push(metrics);
    const api = await keep(
      startLocalApi(functionEnv, given, log, {
        databaseUrl,
        metrics,
        gameSearch: thread.search,
        simulators,
        listening: options.listening ?? onLoopback,
      }),
    );
    // Behind the API, whose address they tell; until they run, what is asked of it waits in the queues.
    parts.push(thread.start({ settings, apiUrl: api.url, queues: provisioned.queues }, { log, metrics }));
    parts.push(startSelfHealing(functionEnv, log, { bucket, sqs: clients.sqs }));
    parts.push(startFollowing(functionEnv, log, { bucket, sqs: clients.sqs }));
    return {
      apiUrl: api.url,
      awsEndpointUrl,
      takenAwsPort,
      region: env.AWS_REGION,
      bucket: env.S3_BUCKET,
      databaseUrl,
      simulators,
      database,
      close,
    };
  } catch (error) {
    await close();
    throw explainDataDirError(error, given.DATA_DIR);
  }
}

/** Takes in what was imported before there was an index. */
async function indexOnce(bucket: Bucket): Promise<void> {
  const indexed = createIndexedMark(bucket);
  if (await indexed.isDone()) return;
  await indexImports({
    objects: bucket,
    statuses: createImportStatusStore(bucket),
    index: createImportIndex(bucket),
    indexed,
    now: () => new Date(),
  });
}

function explainAwsError(error: unknown, endpointUrl: string): unknown {
  if (error instanceof PipelineError) return error;
  const { name, message, code } = error as Error & { code?: string };
  const reason = [code ?? name, message].filter((part) => part && part !== 'Error').join(': ');
  return new PipelineError(
    'AWS_ENDPOINT_UNUSABLE',
    `The S3 and SQS at ${endpointUrl} cannot be used (${reason}): start them, or correct AWS_ENDPOINT_URL or the AWS credentials.`,
    { retryable: false, cause: error },
  );
}

/** Short, so that what a killed process had in hand comes back soon; the mappings hide it on while they work. */
const visibilityTimeoutSeconds = { 'steam-import': 15, 'igdb-enrichment': 15, 'database-import': 15 };
