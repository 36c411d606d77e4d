import type { ImportView } from '@savepoint/core/contracts/import-status.ts';
import { findSteamId, listImports } from '@savepoint/core/operations/imports.ts';
import { plural } from '../story/plural.ts';
import type { Command } from 'commander';
import { examples, readPositiveInteger } from '../arguments.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { connect } from '../operator.ts';
import { moment, show, table } from '../print.ts';

export const addImports = (program: Command): Command =>
  program
    .command('imports')
    .description('list imports, newest first')
    .option('--steam-id <id>', 'of one person: a SteamID64, Steam2 or Steam3 id, or profile address')
    .option('--max <n>', 'at most so many', readPositiveInteger, 20)
    .addHelpText('after', examples('imports', 'imports --steam-id 76561197960287930 --max 5'))
    .action(async (options: { steamId?: string; max: number }, command: Command) => {
      const { statuses, target, now } = connect(command);
      const steamId =
        options.steamId === undefined ? undefined : await findSteamId(options.steamId, refuseName);
      const imports = await listImports({ steamId, max: options.max }, statuses, now());
      show(command, { imports }, () =>
        imports.length === 0
          ? `There are no imports in ${target.name}.`
          : table(['import', 'status', 'requested', 'what'], imports.map(rowOf)),
      );
    });

/** Only Steam could say whose name it is, and its key is not the operator's. */
const refuseName = async (name: string): Promise<never> => {
  throw new CommandFailure(exitCodes.usage, `“${name}” is a name; give the SteamID64 that it stands for.`);
};

const rowOf = (view: ImportView): string[] => [
  view.import_id,
  view.status,
  view.requested_at ? moment(view.requested_at) : 'a dropped file',
  summaryOf(view),
];

function summaryOf({ stages, result }: ImportView): string {
  if (result) return plural(result.imported_count ?? 0, 'game');
  const at = stages.find(
    ({ status }) => status === 'failed' || status === 'retrying' || status === 'running',
  );
  if (!at) return '';
  return at.error ? `${at.name}: ${at.error.code}` : at.name;
}
