import type { Command } from 'commander';
import { apiAddressOf } from '../api-client.ts';
import { examples } from '../arguments.ts';
import { findTarget } from '../find-target.ts';
import { globalOptions } from '../global-options.ts';
import { print } from '../terminal/show.ts';

export const addEnv = (program: Command): Command =>
  program
    .command('env')
    .description("print the API's address, its token and the bucket as shell variables, for curl and aws")
    .addHelpText('after', `${examples('env --stage dev')}\n  $ eval "$(npx savepoint env --stage dev)"`)
    .action(async (_options: unknown, command: Command) => {
      const { json, stage } = globalOptions(command);
      const target = findTarget(stage);
      const { url, headers } = await apiAddressOf(target);
      const variables = {
        API: url.replace(/\/+$/, ''),
        API_TOKEN: headers.authorization?.replace('Bearer ', '') ?? '',
        BUCKET: target.bucketName,
      };
      const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
      print(json ? JSON.stringify(variables, null, 2) : lines.join('\n'));
    });

/** So that no shell finds anything to expand in it. */
const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;
