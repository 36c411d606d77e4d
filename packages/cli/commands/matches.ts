import type { MatchStatus } from '@savepoint/core/contracts/classification.ts';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { listApps, type MatchedApp } from '@savepoint/core/operations/list-apps.ts';
import { type Command, Option } from 'commander';
import { examples, readImportId, readPositiveInteger } from '../arguments.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { connect } from '../operator.ts';
import { prose, show } from '../terminal/show.ts';
import { type Column, table } from '../terminal/table.ts';
import { waitFor } from '../terminal/waiting.ts';

type Options = { unmatched?: boolean; doubtful?: boolean; max: number };

export const addMatches = (program: Command): Command =>
  program
    .command('matches')
    .description("show how an import's apps were matched, and what else they could be")
    .argument('<import>', "an import id, or the key of one of the import's files", readImportId)
    .addOption(new Option('--unmatched', 'only apps for which no game was found').conflicts('doubtful'))
    .option('--doubtful', 'only matches that may be wrong: their confidence is below 0.9')
    .option('--max <n>', 'at most this many', readPositiveInteger, 100)
    .addHelpText(
      'after',
      examples(
        'matches 76561197960287930-20261123T043000123Z',
        'matches 76561197960287930-20261123T043000123Z --unmatched',
        'matches 76561197960287930-20261123T043000123Z --doubtful --json',
      ),
    )
    .action(async (importId: ImportId, { unmatched, doubtful, max }: Options, command: Command) => {
      const { openStorage, target } = connect(command);
      const { objects } = await openStorage();
      const filter = { matchStatus: unmatched ? ('UNMATCHED' as const) : undefined, doubtful };
      const page = await waitFor('the apps', listApps(importId, filter, { max }, objects));
      if (page === null)
        throw new CommandFailure(
          exitCodes.notFound,
          `There is no enriched file of ${importId} in ${target.name}: it is not enriched yet, or has expired.`,
        );
      const { apps, next_cursor } = page;
      show(command, { apps, truncated: next_cursor !== undefined }, (width) =>
        [
          apps.length === 0
            ? `There are no ${nounOf({ unmatched, doubtful })}.`
            : table(columns, apps.map(rowOf), width),
          ...(next_cursor === undefined ? [] : [`These are the first ${max}; --max shows more.`]),
          ...(apps.length === 0 ? [] : [prose(advice, width)]),
        ].join('\n\n'),
      );
    });

const nounOf = ({ unmatched, doubtful }: Pick<Partial<Options>, 'unmatched' | 'doubtful'>): string => {
  if (unmatched) return 'apps without a game';
  return doubtful ? 'doubtful matches' : 'apps';
};

const columns: readonly Column[] = [
  { head: 'appid' },
  { head: 'app', shortensTo: 20 },
  { head: 'game', shortensTo: 20 },
  { head: 'sure', drops: 3 },
  { head: 'why', shortensTo: 20, drops: 2 },
  { head: 'others', shortensTo: 20, drops: 1 },
];

const inWords: Readonly<Record<Exclude<MatchStatus, 'MATCHED'>, string>> = {
  UNMATCHED: 'none',
  IGNORED: 'no game',
  PENDING: 'asked again',
};

const rowOf = (app: MatchedApp): (string | number)[] => [
  app.appid,
  app.name ?? '',
  app.match_status === 'MATCHED' ? `${app.igdb_id} ${app.igdb_name ?? ''}` : inWords[app.match_status],
  app.match_confidence === null ? '' : app.match_confidence.toFixed(2),
  app.match_reason ?? app.classification ?? '',
  othersOf(app),
];

const othersShown = 3;
function othersOf({ candidates }: MatchedApp): string {
  const shown = candidates
    .slice(0, othersShown)
    .map(({ igdb_id, name }) => (name === undefined ? igdb_id : `${igdb_id} ${name}`));
  const more = candidates.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const advice =
  'Decide about an app with: npx savepoint overrides set <appid> --igdb-id <id>, and ask IGDB again with: npx savepoint rerun <import> --only unmatched';
