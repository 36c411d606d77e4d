import type { ImportView } from '@savepoint/core/contracts/import-status.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import { listImports } from '@savepoint/core/operations/imports.ts';
import type { Command } from 'commander';
import { examples, readPositiveInteger, readSteamId } from '../arguments.ts';
import { connect } from '../operator.ts';
import { plural } from '../story/plural.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { moment } from '../terminal/times.ts';
import { waitFor } from '../terminal/waiting.ts';

export const addImports = (program: Command): Command =>
  program
    .command('imports')
    .description('list imports, newest first')
    .option(
      '--steam-id <id>',
      'of one person: a SteamID64, Steam2 or Steam3 id, or profile address',
      readSteamId,
    )
    .option('--max <n>', 'at most so many', readPositiveInteger, 20)
    .addHelpText('after', examples('imports', 'imports --steam-id 76561197960287930 --max 5'))
    .action(async ({ steamId, max }: { steamId?: SteamId; max: number }, command: Command) => {
      const { openStorage, target, now } = connect(command);
      const ports = { ...(await openStorage()), now };
      const page = await waitFor('the imports', listImports({ steamId, max }, ports));
      const { imports } = page;
      show(command, page, (width) =>
        imports.length === 0
          ? `There are no imports in ${target.name}.`
          : table(
              ['import', 'status', { head: 'requested', drops: 1 }, { head: 'result', shortensTo: 20 }],
              imports.map(rowOf),
              width,
            ),
      );
    });

const rowOf = (view: ImportView): string[] => [
  view.import_id,
  view.status,
  view.requested_at ? moment(view.requested_at) : 'a dropped file',
  resultOf(view),
];

/** The error first: it says more than the stage, when one of them is cut. */
function resultOf({ stages, result }: ImportView): string {
  if (result) return plural(result.imported_count ?? 0, 'game');
  const at = stages.find(
    ({ status }) => status === 'failed' || status === 'retrying' || status === 'running',
  );
  if (!at) return '';
  return at.error ? `${at.error.code} (${at.name})` : at.name;
}
