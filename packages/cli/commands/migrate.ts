import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { findDatabaseUrl } from '../find-database.ts';
import { globalOptions } from '../global-options.ts';
import { show } from '../terminal/show.ts';
import { waitFor } from '../terminal/waiting.ts';

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
      const { applied } = await waitFor(
        'the database',
        migrate(await findDatabaseUrl(globalOptions(command).stage)),
      );
      show(command, { applied }, () =>
        applied.length === 0 ? 'Nothing to do: the tables are up to date.' : `Applied ${applied.join(', ')}.`,
      );
    });
