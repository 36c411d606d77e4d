import { findImport } from '@savepoint/core/operations/imports.ts';
import type { Command } from 'commander';
import { examples, readImportId } from '../arguments.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { tellImport } from '../story/tell-import.ts';
import { connect } from '../operator.ts';
import { show } from '../print.ts';

export const addStatus = (program: Command): Command =>
  program
    .command('status')
    .description('tell how an import is doing, why it failed and what can be done')
    .argument('<import>', "an import id, or the key of one of the import's files", readImportId)
    .addHelpText('after', examples('status 76561197960287930-20261123T043000123Z'))
    .action(async (importId: string, _options: unknown, command: Command) => {
      const { statuses, target, now } = connect(command);
      const view = await findImport(importId, statuses, now());
      if (view === null)
        throw new CommandFailure(exitCodes.notFound, `There is no import ${importId} in ${target.name}.`);
      show(command, view, () => tellImport(view, now()));
    });
