import { classifications } from '@savepoint/core/contracts/classification.ts';
import { utf8Text } from '@savepoint/core/contracts/csv-text.ts';
import { RejectedRows } from '@savepoint/core/contracts/rejects.ts';
import { readOverrides } from '@savepoint/core/contracts/overrides.ts';
import {
  type OverrideChange,
  removeOverride,
  setOverride,
} from '@savepoint/core/operations/edit-overrides.ts';
import { type Command, Option } from 'commander';
import { examples, readPositiveInteger } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { globalOptions } from '../global-options.ts';
import { connect } from '../operator.ts';
import { previewWithDatabase, tellPreview } from '../preview-override.ts';
import { oneLine } from '../terminal/plain-text.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { waitFor } from '../terminal/waiting.ts';

type SetOptions = { igdbId?: string; classification?: string; note?: string; preview?: boolean };

export function addOverrides(program: Command): void {
  const overrides = program
    .command('overrides')
    .description('your decisions about apps, which win over Steam, IGDB and the rules')
    .addHelpText('after', examples('overrides list', 'overrides set 220 --igdb-id 233'));
  addList(overrides);
  addSet(overrides);
  addRemove(overrides);
}

const addList = (overrides: Command): Command =>
  overrides
    .command('list')
    .description('list them, and the lines that cannot be used')
    .addHelpText('after', examples('overrides list'))
    .action(async (_options: unknown, command: Command) => {
      const { overrides: stored } = await connect(command).openStorage();
      const file = await stored.read();
      const { overrides: found, rejects } = file
        ? await readOverrides(chunksOf(file))
        : { overrides: new Map(), rejects: new RejectedRows() };
      const rows = [...found.values()].map(({ appId, igdbId, classification, note }) => ({
        appid: appId,
        igdb_id: igdbId,
        classification,
        note,
      }));
      show(command, { overrides: rows, rejects: rejects.first }, (width) =>
        [
          rows.length === 0
            ? 'There are no overrides.'
            : table(
                ['appid', 'igdb id', 'classification', { head: 'note', shortensTo: 10 }],
                rows.map((row) => [
                  String(row.appid),
                  row.igdb_id ?? '',
                  row.classification ?? '',
                  row.note ?? '',
                ]),
                width,
              ),
          ...rejects.first.map(({ line, reason }) => `Line ${line} is not used: ${oneLine(reason)}.`),
        ].join('\n'),
      );
    });

const addSet = (overrides: Command): Command =>
  overrides
    .command('set')
    .description('decide about an app; what you leave out stays as it was')
    .argument('<appid>', "Steam's number of the app", readPositiveInteger)
    .option('--igdb-id <id>', 'the IGDB game that it is, or none for no match')
    .addOption(new Option('--classification <kind>', 'what it is').choices(classifications))
    .option('--note <text>', 'why, for other people')
    .option('--preview', 'only show what it would change, and for how many people')
    .addHelpText(
      'after',
      examples(
        'overrides set 220 --igdb-id 233 --note "the original, not the update"',
        'overrides set 1009850 --igdb-id none --classification tool',
        'overrides set 220 --igdb-id 233 --preview',
      ),
    )
    .action(async (appId: number, options: SetOptions, command: Command) => {
      const { igdbId, classification, note, preview } = options;
      const change: OverrideChange = {
        ...(igdbId !== undefined && { igdb_id: igdbId }),
        ...(classification !== undefined && { classification }),
        ...(note !== undefined && { note }),
      };
      if (Object.keys(change).length === 0)
        throw new CommandFailure(exitCodes.usage, 'Give --igdb-id, --classification or --note.');
      const { overrides } = await connect(command).openStorage();
      if (preview) {
        const bytes = await overrides.read();
        const { stage } = globalOptions(command);
        const shown = await waitFor(
          'the database',
          previewWithDatabase(bytes && utf8Text(bytes), appId, change, stage),
        );
        return show(command, shown, (width) => tellPreview(shown, width));
      }
      await overrides.update((text) => setOverride(text, appId, change));
      show(
        command,
        { appid: appId, ...change },
        () =>
          `Decided about app ${appId}, from the next enrichment on. To apply it to an import: npx savepoint rerun <import>`,
      );
    });

const addRemove = (overrides: Command): Command =>
  overrides
    .command('remove')
    .description('leave an app to the rules again')
    .argument('<appid>', "Steam's number of the app", readPositiveInteger)
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('overrides remove 220', 'overrides remove 220 --yes'))
    .action(async (appId: number, options: { yes?: boolean }, command: Command) => {
      const { overrides: file } = await connect(command).openStorage();
      const remove = async (text: string | null) => {
        const rest = text === null ? null : await removeOverride(text, appId);
        if (rest === null)
          throw new CommandFailure(exitCodes.notFound, `There is no override for app ${appId}.`);
        return rest;
      };
      const bytes = await file.read();
      await remove(bytes && utf8Text(bytes));
      await confirm(`Remove the override for app ${appId}?`, options);
      await file.update(remove);
      show(
        command,
        { appid: appId, removed: true },
        () =>
          `Removed the override for app ${appId}. To undo it in a library at once: npx savepoint rerun <import>`,
      );
    });

async function* chunksOf(file: Uint8Array): AsyncGenerator<Uint8Array> {
  yield file;
}
