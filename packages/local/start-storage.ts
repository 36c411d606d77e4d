import { join } from 'node:path';
import type { EmbeddedAws } from './embedded/aws.ts';
import { startAwsThread } from './embedded/aws-thread.ts';
import type { Log } from '@savepoint/functions/runtime/log.ts';
import { type EmbeddedPostgres, type PostgresWatcher, startEmbeddedPostgres } from './embedded/postgres.ts';
import type { LocalEnv } from './local-env.ts';

/** Of S3 and SQS, at the first run on a data directory, if it is free. */
const firstAwsPort = 3001;

/** Notes what was started, to be closed again. */
type Keep = <Part extends { close(): Promise<unknown> }>(starting: Promise<Part>) => Promise<Part>;

/**
 * S3, SQS and PostgreSQL: those that the environment names, else embedded ones. Both are waited for, so that neither is
 * forgotten when the other fails.
 */
export async function startStorage(env: LocalEnv, durable: boolean, keep: Keep, log: Log) {
  const { DATA_DIR, AWS_ENDPOINT_URL, AWS_PORT: port, DATABASE_URL } = env;
  const startAws = async (): Promise<Pick<EmbeddedAws, 'endpoint' | 'takenPort'>> =>
    AWS_ENDPOINT_URL === undefined
      ? keep(
          startAwsThread({
            dataDir: join(DATA_DIR, 'aws'),
            durable,
            firstPort: firstAwsPort,
            ...(port !== undefined && { port }),
          }),
        )
      : { endpoint: AWS_ENDPOINT_URL };
  const startDatabase = async (): Promise<{ databaseUrl: string; database: EmbeddedPostgres | null }> => {
    if (DATABASE_URL !== undefined) return { databaseUrl: DATABASE_URL, database: null };
    const database = await keep(
      startEmbeddedPostgres({ dataDir: join(DATA_DIR, 'postgres'), durable, watcher: tellingIn(log) }),
    );
    return { databaseUrl: database.databaseUrl, database };
  };
  const [aws, { databaseUrl, database }] = await allSettled(startAws(), startDatabase());
  return { awsEndpointUrl: aws.endpoint, takenAwsPort: aws.takenPort, databaseUrl, database };
}

const tellingIn = (log: Log): PostgresWatcher => ({
  ended: () => log.warn('PostgreSQL stopped: it is being restarted, and loads wait for it', {}),
  startedAgain: () => log.info('PostgreSQL runs again', {}),
  couldNotStart: (error) =>
    log.error('PostgreSQL cannot be restarted; still trying', {
      reason: error instanceof Error ? error.message : String(error),
    }),
});

async function allSettled<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return [first.value, second.value];
}
