import { findMissingMigrations, migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import * as v from 'valibot';
import { lambdaHandler } from './runtime/lambda.ts';

/** What a call may say; a mistyped word must not migrate. */
const Call = v.strictObject({ dry_run: v.optional(v.boolean(), false) });

/**
 * Called by hand after a deployment; answers `{"applied": ["0001-…"]}`, the migrations that were missing, or with
 * `{"dry_run": true}` `{"missing": ["0001-…"]}` and changes nothing.
 */
export const handler = lambdaHandler('migrate', (env, log) => {
  // Each call asks anew: it is rare, and the address may have been replaced since.
  const databaseUrl = env.secret('databaseUrl');
  return async (event) => {
    const call = v.safeParse(Call, event ?? {});
    if (!call.success)
      throw new ValidationError('PAYLOAD_INVALID', 'The payload must be {} or {"dry_run": true}.');
    const url = await databaseUrl({ refresh: true });
    if (call.output.dry_run) return findMissingMigrations(url);
    const { applied } = await migrate(url);
    log.info('migrated', { applied });
    return { applied };
  };
});
