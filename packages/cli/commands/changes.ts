import type { SteamId } from '@savepoint/core/steam-id.ts';
import type { Command } from 'commander';
import { examples, readPositiveInteger, readSteamId } from '../arguments.ts';
import { readLibrary } from '../read-library.ts';
import { changeColumns, changeRow } from '../story/library-rows.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';

export const addChanges = (program: Command): Command =>
  program
    .command('changes')
    .description('show what imports changed in a library, newest first')
    .argument('<person>', 'a SteamID64, Steam2 or Steam3 id, or profile address', readSteamId)
    .option('--max <n>', 'at most this many', readPositiveInteger, 30)
    .addHelpText('after', examples('changes 76561197960287930', 'changes 76561197960287930 --max 5 --json'))
    .action(async (steamId: SteamId, { max }: { max: number }, command: Command) => {
      const { games, changes, minutes_by_month } = await readLibrary(command, steamId);
      const titles = new Map(games.map(({ appid, title }) => [appid, title]));
      const shown = changes.slice(0, max);
      show(command, { steam_id: steamId, changes: shown, minutes_by_month }, (width) =>
        table(
          changeColumns,
          shown.map((change) => changeRow(change, titles)),
          width,
        ),
      );
    });
