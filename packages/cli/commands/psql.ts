import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { findDatabaseUrl } from '../find-database.ts';
import { globalOptions } from '../global-options.ts';
import { runTool } from '../run-tool.ts';

export const addPsql = (program: Command): Command =>
  program
    .command('psql')
    .description("run psql on the stack's database")
    .argument('[words...]', 'its arguments')
    .allowUnknownOption()
    .addHelpText('after', examples('psql', "psql -c 'select title, playtime_minutes from library limit 5'"))
    .action(async (words: string[], _options: unknown, command: Command) => {
      const url = new URL(await findDatabaseUrl(globalOptions(command).stage));
      const password = decodeURIComponent(url.password);
      // What stands in the arguments of a program, everybody on this machine can read.
      url.password = '';
      process.exitCode = await runTool(
        'psql',
        [url.href, ...words],
        { PGPASSWORD: password },
        "psql is not installed. It comes with PostgreSQL's client programs: apt install postgresql-client, or brew install libpq.",
      );
    });
