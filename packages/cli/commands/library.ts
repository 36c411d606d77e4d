import { writeLibraryForPeople } from '@savepoint/core/contracts/csv-for-people.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import { type Command, Option } from 'commander';
import { examples, readPositiveInteger, readSteamId } from '../arguments.ts';
import { readLibrary } from '../read-library.ts';
import {
  gameColumns,
  gameRow,
  type LibraryFilter,
  libraryHead,
  librarySorts,
  pickGames,
} from '../story/library-rows.ts';
import { print, prose, show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';

type Format = 'table' | 'csv' | 'json' | 'ndjson';
type Options = Omit<LibraryFilter, 'max'> & { max?: number; format: Format };

const shownAtOnce = 30;

export const addLibrary = (program: Command): Command =>
  program
    .command('library')
    .description("show a person's library, or write it as CSV, JSON or NDJSON")
    .argument('<person>', 'a SteamID64, Steam2 or Steam3 id, or profile address', readSteamId)
    .option('--search <words>', 'only titles with these words')
    .option('--genre <name>', 'only of this genre')
    .option('--platform <name>', 'only for this platform')
    .option('--unplayed', 'only what was never started')
    .addOption(new Option('--sort <order>', 'what comes first').choices(librarySorts).default('playtime'))
    .option(
      '--max <n>',
      `at most so many; a table shows ${shownAtOnce} unless told otherwise`,
      readPositiveInteger,
    )
    .addOption(
      new Option('--format <form>', 'the output format')
        .choices(['table', 'csv', 'json', 'ndjson'])
        .default('table'),
    )
    .addHelpText(
      'after',
      examples(
        'library 76561197960287930',
        'library 76561197960287930 --unplayed --sort rating --max 10',
        'library 76561197960287930 --format csv > library.csv',
      ),
    )
    .action(async (steamId: SteamId, { format, max, ...filter }: Options, command: Command) => {
      const library = await readLibrary(command, steamId);
      const games = pickGames(library.games, { ...filter, ...(max !== undefined && { max }) });
      if (format === 'csv') return print(writeLibraryForPeople(games));
      if (format === 'ndjson') return print(games.map((game) => JSON.stringify(game)).join('\n'));
      if (format === 'json') return print(JSON.stringify({ ...library, games }, null, 2));
      const shown = games.slice(0, max ?? shownAtOnce);
      show(
        command,
        { ...library, games },
        (width) =>
          `${prose(libraryHead(library, shown.length), width)}\n\n${table(gameColumns, shown.map(gameRow), width)}`,
      );
    });
