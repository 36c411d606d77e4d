import type { Command } from 'commander';
import { apiAddressOf, createApiClient } from '../api-client.ts';
import { examples } from '../arguments.ts';
import { findTarget } from '../find-target.ts';
import { globalOptions } from '../global-options.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { waitFor } from '../terminal/waiting.ts';

export function addIgdb(program: Command): void {
  const igdb = program
    .command('igdb')
    .description('ask IGDB, within its limits')
    .addHelpText('after', examples('igdb search half-life'));
  igdb
    .command('search')
    .description('find a game and its number, for overrides')
    .argument('<words...>', 'of its title')
    .addHelpText('after', examples('igdb search half-life', 'igdb search "baldur\'s gate" --json'))
    .action(async (words: string[], _options: unknown, command: Command) => {
      const { stage } = globalOptions(command);
      const api = createApiClient(async () => apiAddressOf(findTarget(stage)));
      const found = await waitFor('IGDB', api.searchGames(words.join(' ')));
      show(command, found, (width) =>
        found.games.length === 0
          ? 'IGDB has no game that matches these words.'
          : `${table(
              [
                'igdb id',
                { head: 'name', shortensTo: 20 },
                'year',
                { head: 'platforms', shortensTo: 10, drops: 1 },
              ],
              found.games.map(({ igdb_id, name, year, platforms }) => [
                String(igdb_id),
                name,
                year === null ? '' : String(year),
                platforms.join(', '),
              ]),
              width,
            )}\n\nDecide with: npx savepoint overrides set <appid> --igdb-id <igdb id>`,
      );
    });
}
