import type { EnrichedGame } from '@savepoint/core/contracts/enriched-library.ts';
import { sql, type Transaction } from 'kysely';
import type { Database } from './schema.ts';
import { arrayLiteral } from './unnest-rows.ts';
import { writeRows } from './write-rows.ts';

/** The row of a game: its own id, and what the load did to it. */
export type GameRow = { id: number; igdb_id: number; is_new: boolean; changed: boolean };

/**
 * Writes the games that are new or that IGDB changed.
 * @param games no igdbId twice, sorted by it.
 * @returns the rows of all of them.
 */
export async function loadGames(
  trx: Transaction<Database>,
  games: readonly EnrichedGame[],
): Promise<GameRow[]> {
  const igdbIds = games.map((game) => game.igdbId);
  const writes = writeRows({
    table: 'games',
    key: ['igdb_id'],
    incoming: [
      ['igdb_id', 'int', igdbIds],
      ['name', 'text', games.map((game) => game.name)],
      ['slug', 'text', games.map((game) => game.slug)],
      ['summary', 'text', games.map((game) => game.summary)],
      ['release_date', 'date', games.map((game) => game.releaseDate)],
      ['cover_image_id', 'text', games.map((game) => game.coverImageId)],
      ['game_type', 'int', games.map((game) => game.gameType)],
      ['parent_igdb_id', 'int', games.map((game) => game.parentGameId)],
      ['version_parent_igdb_id', 'int', games.map((game) => game.versionParentId)],
      ['igdb_updated_at', 'int', games.map((game) => game.updatedAt)],
    ],
    computed: { igdb_updated_at: sql`to_timestamp(incoming.igdb_updated_at)` },
    returning: ['id', 'igdb_id'],
  });
  // The SELECT from `games` sees the table as it was before this statement.
  const { rows } = await sql<GameRow>`
    with ${writes}
    select id, igdb_id, true as is_new, false as changed from inserted_games
    union all
    select games.id, games.igdb_id, false, written_games.igdb_id is not null
    from games left join written_games using (igdb_id)
    where games.igdb_id = any(${arrayLiteral(igdbIds)}::int[])`.execute(trx);
  return rows;
}
