import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { lambdaHandler } from './runtime/lambda.ts';

/** Called by hand after a deployment; answers `{"applied": ["0001-…"]}`, the migrations that were missing. */
export const handler = lambdaHandler('migrate', (env, log) => {
  // Each call asks anew: it is rare, and the address may have been replaced since.
  const databaseUrl = env.secret('databaseUrl');
  return async () => {
    const { applied } = await migrate(await databaseUrl({ refresh: true }));
    log.info('migrated', { applied });
    return { applied };
  };
});
