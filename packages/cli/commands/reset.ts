import { resolve } from 'node:path';
import { prepareEnvironment } from '@savepoint/local/local-env.ts';
import { projectDirectory } from '@savepoint/local/project-directory.ts';
import { removeData } from '@savepoint/local/remove-data.ts';
import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { globalOptions } from '../global-options.ts';
import { show } from '../terminal/show.ts';

export const addReset = (program: Command): Command =>
  program
    .command('reset')
    .description('delete everything that the local stack keeps (bucket, queues, database, log)')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('reset', 'DATA_DIR=/tmp/other savepoint reset --yes'))
    .action(async (options: { yes?: boolean }, command: Command) => {
      if (globalOptions(command).stage !== undefined)
        throw new CommandFailure(
          exitCodes.usage,
          'Only what a local stack keeps is deleted: leave out --stage.',
        );
      prepareEnvironment();
      const dataDir = resolve(projectDirectory(), process.env.DATA_DIR || '.savepoint');
      const removed = await removeData(dataDir, () =>
        confirm(`Delete everything that the local stack keeps in ${dataDir}?`, options),
      );
      show(command, { data_dir: dataDir, removed }, () =>
        removed
          ? `Deleted what was in ${dataDir}. npm start starts afresh.`
          : `Nothing to do: there is nothing in ${dataDir}.`,
      );
    });
