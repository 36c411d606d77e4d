import type { EnrichedGame } from '@savepoint/core/contracts/enriched-library.ts';
import { type RawBuilder, sql } from 'kysely';
import { arrayParameter } from './array-parameter.ts';
import { writeRows } from './write-rows.ts';

/** The row of a game: its own id, and what the load did to it. */
export type GameRow = { id: number; igdb_id: number; is_new: boolean; changed: boolean };

/** Rows by column, which take half the time of rows on their way through `pg`. */
export type GameColumns = { [Name in keyof GameRow]: GameRow[Name][] };
const columns = ['id', 'igdb_id', 'is_new', 'changed'] as const satisfies (keyof GameRow)[];

/**
 * The statement that writes the games that are new or that IGDB changed.
 * @param games no igdbId twice, sorted by it.
 * @param wanted IGDB ids of all games whose rows it gives, among them those of `games`.
 */
export function gamesStatement(
  games: readonly EnrichedGame[],
  wanted: readonly number[],
): RawBuilder<GameColumns> {
  const writes = writeRows({
    table: 'games',
    key: ['igdb_id'],
    incoming: [
      ['igdb_id', 'int', games.map((game) => game.igdbId)],
      ['name', 'text', games.map((game) => game.name ?? `Game ${game.igdbId}`)],
      ['slug', 'text', games.map((game) => game.slug)],
      ['summary', 'text', games.map((game) => game.summary)],
      ['release_date', 'text', games.map((game) => game.releaseDate)],
      ['cover_image_id', 'text', games.map((game) => game.coverImageId)],
      ['game_type', 'int', games.map((game) => game.gameType)],
      ['parent_igdb_id', 'int', games.map((game) => game.parentGameId)],
      ['version_parent_igdb_id', 'int', games.map((game) => game.versionParentId)],
      ['igdb_updated_at', 'int', games.map((game) => game.updatedAt)],
    ],
    computed: {
      release_date: sql`incoming.release_date::date`,
      igdb_updated_at: sql`to_timestamp(incoming.igdb_updated_at)`,
    },
    returning: ['id', 'igdb_id'],
  });
  // The SELECT from `games` sees the table as it was before this statement.
  return sql`
    with ${writes},
    wanted as (
      select id, igdb_id, true as is_new, false as changed from inserted_games
      union all
      select games.id, games.igdb_id, false, written_games.igdb_id is not null
      from games left join written_games using (igdb_id)
      where games.igdb_id = any(${arrayParameter('int', wanted)})
    )
    select ${sql.join(columns.map((name) => sql`coalesce(json_agg(${sql.ref(name)}), '[]') as ${sql.ref(name)}`))}
    from wanted`;
}

export const gameRowsOf = ({ id, igdb_id, is_new, changed }: GameColumns): GameRow[] =>
  id.map((_, index) => ({
    id: id[index]!,
    igdb_id: igdb_id[index]!,
    is_new: is_new[index]!,
    changed: changed[index]!,
  }));
