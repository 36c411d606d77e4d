import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { loadLibrary } from '@savepoint/adapters/postgres/load-library.ts';
import { createLibraryFiles } from '@savepoint/adapters/s3/library-files.ts';
import { databaseImport } from '@savepoint/core/stages/database-import.ts';
import { stages } from '@savepoint/core/topology.ts';
import type { Env } from './runtime/env.ts';
import { createStageRuntime, lambdaHandler } from './runtime/lambda.ts';
import { type LibraryJob, libraryJobOfPayload, libraryJobsOfMessage } from './runtime/library-job.ts';
import type { Log } from './runtime/log.ts';
import { createStageHandler } from './runtime/stage-handler.ts';

export function createDatabaseImport(env: Env, log: Log) {
  const runtime = createStageRuntime(env, log);
  const files = createLibraryFiles(runtime.s3, env.bucket);
  const connection = connectPostgres(env.secret('databaseUrl'));
  const handler = createStageHandler<LibraryJob>(
    {
      stage: stages['database-import'],
      jobsOfMessage: (body) => libraryJobsOfMessage('enriched', body),
      jobOfPayload: (payload) => libraryJobOfPayload('enriched', payload),
      run: (jobs, { stopwatch }) =>
        Promise.allSettled(
          jobs.map(({ s3Key }) =>
            databaseImport(
              { s3_key: s3Key },
              {
                ...files,
                loadLibrary: (library, readBatches) =>
                  stopwatch.time('database', () => loadLibrary(connection, library, readBatches)),
              },
            ),
          ),
        ),
    },
    runtime,
  );
  return { handler, close: connection.close };
}

export const handler = lambdaHandler(
  'database-import',
  ['databaseUrl'],
  (env, log) => createDatabaseImport(env, log).handler,
);
