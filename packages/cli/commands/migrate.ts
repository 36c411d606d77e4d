import { PipelineError } from '@savepoint/core/errors.ts';
import type { Command } from 'commander';
import * as v from 'valibot';
import { examples } from '../arguments.ts';
import { findDatabaseUrl } from '../find-database.ts';
import { findPlace } from '../find-deployment.ts';
import { globalOptions } from '../global-options.ts';
import { show } from '../terminal/show.ts';
import { waitFor } from '../terminal/waiting.ts';

export const addMigrate = (program: Command): Command =>
  program
    .command('migrate')
    .description(
      "bring the database's tables up to date: DATABASE_URL's, else the local stack's, or a deployment's",
    )
    .addHelpText(
      'after',
      examples('migrate', 'migrate --stage production', 'migrate # with DATABASE_URL set'),
    )
    .action(async (_options: unknown, command: Command) => {
      const { stage } = globalOptions(command);
      const { applied } = await waitFor(
        'the database',
        stage === undefined ? migrateHere() : migrateDeployed(stage),
      );
      show(command, { applied }, () =>
        applied.length === 0 ? 'Nothing to do: the tables are up to date.' : `Applied ${applied.join(', ')}.`,
      );
    });

async function migrateHere(): Promise<{ applied: string[] }> {
  // The other commands need no database, and its driver is a third of what they would load.
  const { migrate } = await import('@savepoint/adapters/postgres/migrate.ts');
  return migrate(await findDatabaseUrl(undefined));
}

const Migrated = v.object({ applied: v.array(v.string()) });

/** By the function, which also reaches a database in a private network. */
async function migrateDeployed(stage: string): Promise<{ applied: string[] }> {
  const { invokeFunction } = await import('@savepoint/adapters/lambda/invoke-function.ts');
  const { deployment, aws } = findPlace(stage, process.env);
  const name = `${deployment}-migrate`;
  const parsed = v.safeParse(Migrated, await invokeFunction(name, {}, aws));
  if (parsed.success) return parsed.output;
  throw new PipelineError('FUNCTION_FAILED', `The function ${name} gave an unexpected answer.`, {
    retryable: false,
  });
}
