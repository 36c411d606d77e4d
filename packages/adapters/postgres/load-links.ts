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
  const { rows } = await sql<{ game_id: number }>`
    with ${syncLinks('game_genres', 'genre_id', sorted, ({ genreIds }) => genreIds)},
    ${syncLinks('game_platforms', 'platform_id', sorted, ({ platformIds }) => platformIds)}
    select game_id from dropped_game_genres union select game_id from dropped_game_platforms
    union select game_id from missing_game_genres union select game_id from missing_game_platforms`.execute(
    trx,
  );
  return rows.map((row) => row.game_id);
}

/** Games that are new have no links yet, so theirs are added without a look at those that exist. */
function syncLinks(
  table: 'game_genres' | 'game_platforms',
  column: 'genre_id' | 'platform_id',
  linked: readonly LinkedGame[],
  idsOf: (game: LinkedGame) => readonly number[],
): RawBuilder<unknown> {
  const pairsOf = (games: readonly LinkedGame[]) =>
    unnestRows([
      ['game_id', 'int', games.flatMap((of) => idsOf(of).map(() => of.game.id))],
      [column, 'int', games.flatMap((of) => [...idsOf(of)].sort((a, b) => a - b))],
    ]);
  const known = linked.filter(({ game }) => !game.is_new);
  const knownIds = arrayLiteral(known.map(({ game }) => game.id));
  const given = sql.ref(`given_${table}`);
  const missing = sql.ref(`missing_${table}`);
  const name = sql.ref(column);
  const samePair = sql`given.game_id = link.game_id and given.${name} = link.${name}`;
  return sql`
    ${given} as materialized (select game_id, ${name} from ${pairsOf(known)}),
    ${sql.ref(`dropped_${table}`)} as (
      delete from ${sql.table(table)} link
      where link.game_id = any(${knownIds}::int[]) and not exists (select from ${given} given where ${samePair})
      returning link.game_id
    ),
    ${missing} as materialized (
      select given.game_id, given.${name} from ${given} given
      where not exists (select from ${sql.table(table)} link where ${samePair})
    ),
    ${sql.ref(`added_${table}`)} as (
      insert into ${sql.table(table)} (game_id, ${name})
      select game_id, ${name} from ${pairsOf(linked.filter(({ game }) => game.is_new))}
      union all select game_id, ${name} from ${missing}
      order by 1, 2
    )`;
}
