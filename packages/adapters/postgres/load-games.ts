import type { EnrichedGame } from '@savepoint/core/contracts/enriched-library.ts';
import { type RawBuilder, sql } from 'kysely';
import type { ElementType, Value } from './array-parameter.ts';
import { joinConfirmations, oldestOf } from './confirmations.ts';
import { isLater, isLaterThan, laterWins } from './later-wins.ts';
import type { LibraryState } from './library-state.ts';
import { type Column, unnestRows } from './unnest-rows.ts';
import { storedRows, writeRows } from './write-rows.ts';

/** A game as some row of the file tells it; `learntAt` in Unix seconds. */
export type GameFact = { game: EnrichedGame; learntAt: number };

/** The row of a game: its own id, and what the load did to it. `later`: since what is written in it was learnt. */
export type GameRow = { id: number; igdb_id: number; is_new: boolean; changed: boolean; later: boolean };

/** Rows by column, which take half the time of rows on their way through `pg`. */
export type GameColumns = { [Name in keyof GameRow]: GameRow[Name][] };
const columns = ['id', 'igdb_id', 'is_new', 'changed', 'later'] as const satisfies (keyof GameRow)[];

/** What a game is called that nobody named; it is no name, so whoever tells one names it. */
const placeholder = sql`'IGDB game ' || incoming.igdb_id`;

type GameColumn =
  | readonly [name: string, type: ElementType, read: (game: EnrichedGame) => Value]
  | readonly [name: string, type: 'list', read: (game: EnrichedGame) => readonly string[] | null];

/** No name of a list holds it, as in a file. */
const bar = '|';

/** Every column of a game but its key, its name and when it was learnt. */
const columnsOfGame: readonly GameColumn[] = [
  ['slug', 'text', (game) => game.slug],
  ['summary', 'text', (game) => game.summary],
  ['release_date', 'text', (game) => game.releaseDate],
  ['cover_image_id', 'text', (game) => game.coverImageId],
  ['game_type', 'int', (game) => game.gameType],
  ['parent_igdb_id', 'int', (game) => game.parentGameId],
  ['version_parent_igdb_id', 'int', (game) => game.versionParentId],
  ['igdb_updated_at', 'int', (game) => game.updatedAt],
  ['rating', 'real', (game) => game.rating],
  ['rating_count', 'int', (game) => game.ratingCount],
  ['critic_rating', 'real', (game) => game.criticRating],
  ['themes', 'list', (game) => game.themes],
  ['game_modes', 'list', (game) => game.gameModes],
  ['player_perspectives', 'list', (game) => game.playerPerspectives],
  ['developers', 'list', (game) => game.developers],
  ['publishers', 'list', (game) => game.publishers],
  ['series', 'list', (game) => game.series],
  ['websites', 'list', (game) => game.websites],
  ['time_to_beat_hastily_seconds', 'int', (game) => game.timeToBeatHastilySeconds],
  ['time_to_beat_normally_seconds', 'int', (game) => game.timeToBeatNormallySeconds],
  ['time_to_beat_completely_seconds', 'int', (game) => game.timeToBeatCompletelySeconds],
];

const incomingColumns = (games: readonly EnrichedGame[]): Column[] =>
  columnsOfGame.map(([name, type, read]) =>
    type === 'list'
      ? [name, 'text', games.map((game) => read(game)?.join(bar) ?? null)]
      : [name, type, games.map(read)],
  );

/** Of columns that do not come in the table's own type. */
const computed: Readonly<Record<string, RawBuilder<unknown>>> = {
  release_date: sql`incoming.release_date::date`,
  igdb_updated_at: sql`to_timestamp(incoming.igdb_updated_at)`,
  learnt_at: sql`to_timestamp(incoming.learnt_at)`,
  ...Object.fromEntries(
    columnsOfGame.flatMap(([name, type]) =>
      type === 'list' ? [[name, sql`string_to_array(${sql.ref(`incoming.${name}`)}, ${sql.lit(bar)})`]] : [],
    ),
  ),
};

/**
 * The statement that writes the games that are new or that IGDB changed, and gives the rows of all.
 * @param facts no igdbId twice, sorted by it.
 */
export function gamesStatement(facts: readonly GameFact[], state: LibraryState): RawBuilder<GameColumns> {
  const games = facts.map(({ game }) => game);
  const igdbIds: Column = ['igdb_id', 'int', games.map(({ igdbId }) => igdbId)];
  const learntAt = facts.map((fact) => fact.learntAt);
  const choose = laterWins(isLater('learnt_at', state));
  const chosen = (name: string) =>
    choose(computed[name] ?? sql.ref(`incoming.${name}`), sql.ref(`stored.${name}`));
  const writes = writeRows({
    table: 'games',
    key: ['igdb_id'],
    incoming: [
      igdbIds,
      ['name', 'text', games.map((game) => game.name)],
      ...incomingColumns(games),
      ['learnt_at', 'int', learntAt],
    ],
    computed,
    merged: {
      name: sql`coalesce(${choose(sql`incoming.name`, sql`nullif(stored.name, ${placeholder})`)}, ${placeholder})`,
      ...Object.fromEntries(columnsOfGame.map(([name]) => [name, chosen(name)])),
      learnt_at: sql`greatest(stored.learnt_at, to_timestamp(incoming.learnt_at))`,
    },
    noted: ['learnt_at'],
    join: joinConfirmations('games', igdbIds, state, oldestOf(learntAt)),
    returning: ['id', 'igdb_id'],
  });
  // The SELECT from `games` sees the table as it was before this statement.
  return sql`
    with ${writes},
    wanted as (
      select id, igdb_id, true as is_new, false as changed, true as later from inserted_games
      union all
      select stored.id, stored.igdb_id, false, written_games.igdb_id is not null,
        ${isLaterThan(sql`stored.learnt_at`, 'learnt_at', state)}
      from ${unnestRows([
        igdbIds,
        ['learnt_at', 'int', learntAt],
      ])} join ${storedRows('games', igdbIds)} stored using (igdb_id) left join written_games using (igdb_id)
    )
    select ${sql.join(columns.map((name) => sql`coalesce(json_agg(${sql.ref(name)}), '[]') as ${sql.ref(name)}`))}
    from wanted`;
}

export const gameRowsOf = ({ id, igdb_id, is_new, changed, later }: GameColumns): GameRow[] =>
  id.map((_, index) => ({
    id: id[index]!,
    igdb_id: igdb_id[index]!,
    is_new: is_new[index]!,
    changed: changed[index]!,
    later: later[index]!,
  }));
