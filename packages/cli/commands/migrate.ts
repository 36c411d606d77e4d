import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { prepareEnvironment } from '@savepoint/local/local-env.ts';
import { findTarget } from '../find-target.ts';
import { globalOptions } from '../global-options.ts';
import { show } from '../terminal/show.ts';

export const addMigrate = (program: Command): Command =>
  program
    .command('migrate')
    .description("bring the database's tables up to date; DATABASE_URL wins over the local stack's database")
    .addHelpText(
      'after',
      examples('migrate', 'migrate --stage production', 'migrate # with DATABASE_URL set'),
    )
    .action(async (_options: unknown, command: Command) => {
      // The other commands need no database, and its driver is a third of what they would load.
      const { migrate } = await import('@savepoint/adapters/postgres/migrate.ts');
      const { applied } = await migrate(await findDatabaseUrl(globalOptions(command).stage));
      show(command, { applied }, () =>
        applied.length === 0 ? 'Nothing to do: the tables are up to date.' : `Applied ${applied.join(', ')}.`,
      );
    });

/** A database of one's own needs no stack to run. */
async function findDatabaseUrl(stage: string | undefined): Promise<string> {
  if (stage === undefined) {
    prepareEnvironment();
    if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  }
  return findTarget(stage).databaseUrl();
}
