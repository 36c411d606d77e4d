import type { PostgresConnection } from '@savepoint/adapters/postgres/connection.ts';
import { withHeldLibrary } from '@savepoint/adapters/s3/held-library.ts';
import { createPublishedLibraries } from '@savepoint/adapters/s3/published-libraries.ts';
import { createLibraryFiles } from '@savepoint/adapters/s3/library-files.ts';
import { databaseImport } from '@savepoint/core/stages/database-import.ts';
import { stages } from '@savepoint/core/topology.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import { lazy } from './runtime/lazy.ts';
import { type LibraryJob, libraryJobsOf } from './runtime/library-job.ts';
import type { Log } from './runtime/log.ts';
import type { Metrics } from './runtime/metrics.ts';
import { createStageHandler } from './runtime/stage-handler.ts';
import { createStageRuntime } from './runtime/stage-runtime.ts';

export function createDatabaseImport(env: Env, log: Log, options: { metrics?: Metrics } = {}) {
  const runtime = createStageRuntime(env, log, options);
  const files = createLibraryFiles(runtime.bucket);
  let connection: PostgresConnection | undefined;
  const databaseUrl = env.secret('databaseUrl');
  const database = lazy(async () => {
    const [{ connectPostgres }, { createLibraryLoader }, { createLibraryPublisher }] = await Promise.all([
      import('@savepoint/adapters/postgres/connection.ts'),
      import('@savepoint/adapters/postgres/load-library.ts'),
      import('./runtime/publish-library.ts'),
    ]);
    connection = connectPostgres(databaseUrl);
    const { lateImportDays, journalDays } = env;
    return {
      ...createLibraryLoader(connection, { lateImportDays, journalDays }),
      ...createLibraryPublisher(connection, createPublishedLibraries(runtime.bucket)),
    };
  });
  const handler = createStageHandler<LibraryJob>(
    {
      stage: stages['database-import'],
      ...libraryJobsOf('enriched'),
      work: (jobs, { stopwatch }) => {
        // The database's driver is loaded while S3 is waited for; should that fail, the load says so.
        database().catch(() => undefined);
        return Promise.allSettled(
          jobs.map(({ key }) =>
            // Held first: nobody may wait for the storage while this load has the lock.
            withHeldLibrary(files, key, (held) =>
              databaseImport(key, {
                ...held,
                async loadLibrary(library, readBatches) {
                  const { loadLibrary } = await database();
                  return stopwatch.time('database', () => loadLibrary(library, readBatches));
                },
                async publishLibrary(steamId) {
                  const { publishLibrary } = await database();
                  return stopwatch.time('publish', () => publishLibrary(steamId));
                },
              }),
            ),
          ),
        );
      },
    },
    runtime,
  );
  return { handler, close: async () => connection?.close() };
}

export const handler = lambdaHandler('database-import', (env, log) => createDatabaseImport(env, log).handler);
