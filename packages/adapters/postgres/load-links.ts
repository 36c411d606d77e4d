import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { GameRow } from './load-games.ts';
import type { Database } from './schema.ts';
import { arrayLiteral, unnestRows } from './unnest-rows.ts';

/** A game with the rows of its genres and platforms. */
export type LinkedGame = { game: GameRow; genreIds: readonly number[]; platformIds: readonly number[] };

/**
 * Makes the links of these games exactly what is given: adds what is missing, removes what IGDB dropped.
 * @returns ids of the games that were there before and whose links changed.
 */
export async function loadLinks(
  trx: Transaction<Database>,
  linked: readonly LinkedGame[],
): Promise<number[]> {
  const sorted = linked.toSorted((a, b) => a.game.id - b.game.id);
  const knownGames = sql`${arrayLiteral(sorted.flatMap(({ game }) => (game.is_new ? [] : game.id)))}::int[]`;
  const { rows } = await sql<{ game_id: number }>`
    with ${syncLinks('game_genres', 'genre_id', knownGames, sorted, ({ genreIds }) => genreIds)},
    ${syncLinks('game_platforms', 'platform_id', knownGames, sorted, ({ platformIds }) => platformIds)}
    select game_id from dropped_game_genres
    union select game_id from dropped_game_platforms
    union select game_id from added_game_genres where game_id = any(${knownGames})
    union select game_id from added_game_platforms where game_id = any(${knownGames})`.execute(trx);
  return rows.map((row) => row.game_id);
}

function syncLinks(
  table: 'game_genres' | 'game_platforms',
  column: 'genre_id' | 'platform_id',
  knownGames: RawBuilder<unknown>,
  linked: readonly LinkedGame[],
  idsOf: (game: LinkedGame) => readonly number[],
): RawBuilder<unknown> {
  const pairs = unnestRows([
    ['game_id', 'int', linked.flatMap((of) => idsOf(of).map(() => of.game.id))],
    [column, 'int', linked.flatMap((of) => [...idsOf(of)].sort((a, b) => a - b))],
  ]);
  const given = sql.ref(`given_${table}`);
  const name = sql.ref(column);
  const samePair = sql`given.game_id = link.game_id and given.${name} = link.${name}`;
  return sql`
    ${given} as materialized (select game_id, ${name} from ${pairs}),
    ${sql.ref(`dropped_${table}`)} as (
      delete from ${sql.table(table)} link
      where link.game_id = any(${knownGames}) and not exists (select from ${given} given where ${samePair})
      returning link.game_id
    ),
    ${sql.ref(`added_${table}`)} as (
      insert into ${sql.table(table)} (game_id, ${name})
      select given.game_id, given.${name} from ${given} given
      where not exists (select from ${sql.table(table)} link where ${samePair})
      order by 1, 2
      returning game_id
    )`;
}
