import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { importStatuses } from '@savepoint/core/contracts/import-view.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import { listImports } from '@savepoint/core/operations/imports.ts';
import { type Command, Option } from 'commander';
import { examples, readPositiveInteger, readSince, readSteamId } from '../arguments.ts';
import { globalOptions } from '../global-options.ts';
import { connect } from '../operator.ts';
import { followImports } from '../story/follow-imports.ts';
import { importColumns, importRow } from '../story/import-rows.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { waitFor } from '../terminal/waiting.ts';

type Options = {
  steamId?: SteamId;
  status?: ImportView['status'];
  since?: Date;
  max: number;
  follow?: boolean;
};

export const addImports = (program: Command): Command =>
  program
    .command('imports')
    .description('list imports, newest first')
    .option(
      '--steam-id <id>',
      'of one person: a SteamID64, Steam2 or Steam3 id, or profile address',
      readSteamId,
    )
    .addOption(new Option('--status <status>', 'only these').choices(importStatuses))
    .option('--since <time>', 'only what is newer than this: 30s, 15m, 2h, 7d, or a date', readSince)
    .option('--max <n>', 'at most this many', readPositiveInteger, 20)
    .option('--follow', 'keep showing them until Ctrl-C')
    .addHelpText(
      'after',
      examples(
        'imports',
        'imports --status failed --since 2h',
        'imports --steam-id 76561197960287930 --max 5',
        'imports --follow',
      ),
    )
    .action(async ({ follow, ...filter }: Options, command: Command) => {
      const { openStorage, target, now } = connect(command);
      const ports = { ...(await openStorage()), now };
      const read = () => listImports(filter, ports);
      if (follow) {
        const { json = false, wide = false } = globalOptions(command);
        const pollMs = target.dataDir === null ? 5000 : 1000;
        return followImports(async () => (await read()).imports, { out: process.stdout, pollMs, json, wide });
      }
      const page = await waitFor('the imports', read());
      const { imports } = page;
      show(command, page, (width) =>
        imports.length === 0
          ? `There are no ${isNarrowed(filter) ? 'such ' : ''}imports in ${target.name}.`
          : table(importColumns, imports.map(importRow), width),
      );
    });

const isNarrowed = ({ steamId, status, since }: Options): boolean =>
  steamId !== undefined || status !== undefined || since !== undefined;
