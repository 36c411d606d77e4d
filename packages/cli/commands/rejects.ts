import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { findImport } from '@savepoint/core/operations/imports.ts';
import { listRejects } from '@savepoint/core/operations/list-rejects.ts';
import type { Command } from 'commander';
import { examples, readImportId, readPositiveInteger } from '../arguments.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { connect } from '../operator.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { waitFor } from '../terminal/waiting.ts';

export const addRejects = (program: Command): Command =>
  program
    .command('rejects')
    .description("show the bad rows of an import's files, each with its line and what is wrong with it")
    .argument('<import>', "an import id, or the key of one of the import's files", readImportId)
    .option('--max <n>', 'show at most this many', readPositiveInteger, 100)
    .addHelpText('after', examples('rejects 76561197960287930-20261123T043000123Z'))
    .action(async (importId: ImportId, { max }: { max: number }, command: Command) => {
      const { openStorage, target, now } = connect(command);
      const { objects, statuses } = await openStorage();
      const all = await waitFor('the bad rows', listRejects(importId, objects));
      if (all.length === 0 && (await findImport(importId, statuses, now())) === null)
        throw new CommandFailure(exitCodes.notFound, `There is no import ${importId} in ${target.name}.`);
      const rejects = all.slice(0, max);
      show(command, { rejects, truncated: all.length > max }, (width) =>
        [
          rejects.length === 0
            ? 'There are no bad rows.'
            : table(
                [
                  { head: 'file', drops: 1 },
                  { head: 'line' },
                  { head: 'what is wrong', shortensTo: 30 },
                  { head: 'row', shortensTo: 10 },
                ],
                rejects.map(({ s3_key, line, reason, record }) => [
                  s3_key.split('/')[0] ?? '',
                  line || '',
                  reason,
                  record,
                ]),
                width,
              ),
          ...(all.length > max ? [`The first ${max} of ${all.length}; --max shows more.`] : []),
        ].join('\n\n'),
      );
    });
