import { type RawBuilder, sql } from 'kysely';
import { arrayParameter } from './array-parameter.ts';
import type { GameRow } from './load-games.ts';
import { unnestRows } from './unnest-rows.ts';
import { storedRows } from './write-rows.ts';

/** Ids of the rows that a game is linked to, none twice; null where nobody told. */
export type GameLinks = {
  genreIds: readonly number[] | null;
  platformIds: readonly number[] | null;
};

/**
 * The statement that makes the links of these games exactly what is told: adds what is missing, removes what IGDB
 * dropped. What is not told stays, and what is told late is only added where there is no link.
 * @param links by the IGDB ids of the games.
 * @returns ids of the games that were there before and whose links changed.
 */
export function linksStatement(
  links: ReadonlyMap<number, GameLinks>,
  rows: readonly GameRow[],
): RawBuilder<{ game_id: number }> {
  return sql`
    with ${syncLinks('game_genres', 'genre_id', rows, (game) => links.get(game.igdb_id)?.genreIds ?? null)},
    ${syncLinks('game_platforms', 'platform_id', rows, (game) => links.get(game.igdb_id)?.platformIds ?? null)}
    select game_id from dropped_game_genres union select game_id from dropped_game_platforms
    union select game_id from missing_game_genres union select game_id from missing_game_platforms`;
}

/** Games that are new have no links yet, so theirs are added without a look at those that exist. */
function syncLinks(
  table: 'game_genres' | 'game_platforms',
  column: 'genre_id' | 'platform_id',
  rows: readonly GameRow[],
  idsOf: (game: GameRow) => readonly number[] | null,
): RawBuilder<unknown> {
  const pairsOf = (some: readonly GameRow[]) => {
    const gameIds: number[] = [];
    const ids: number[] = [];
    for (const game of some)
      for (const id of idsOf(game) ?? []) {
        gameIds.push(game.id);
        ids.push(id);
      }
    return unnestRows([
      ['game_id', 'int', gameIds],
      [column, 'int', ids],
    ]);
  };
  const known = rows.filter((game) => !game.is_new && idsOf(game) !== null);
  const knownIds = ['game_id', 'int', known.map(({ id }) => id)] as const;
  const later = known.filter((game) => game.later);
  const laterIds = arrayParameter(
    'int',
    later.map(({ id }) => id),
  );
  const given = sql.ref(`given_${table}`);
  const missing = sql.ref(`missing_${table}`);
  const name = sql.ref(column);
  const samePair = sql`given.game_id = link.game_id and given.${name} = link.${name}`;
  return sql`
    ${given} as materialized (
      select game_id, ${name} from ${pairsOf(later)}
      union all
      select game_id, ${name} from ${pairsOf(known.filter((game) => !game.later))}
      where not exists (select from ${sql.table(table)} link where link.game_id = incoming.game_id)
    ),
    ${sql.ref(`dropped_${table}`)} as (
      delete from ${sql.table(table)} link
      where link.game_id = any(${laterIds}) and not exists (select from ${given} given where ${samePair})
      returning link.game_id
    ),
    ${missing} as materialized (
      select given.game_id, given.${name} from ${given} given
      where not exists (select from ${storedRows(table, knownIds)} link where ${samePair})
    ),
    ${sql.ref(`added_${table}`)} as (
      insert into ${sql.table(table)} (game_id, ${name})
      select game_id, ${name} from ${pairsOf(rows.filter((game) => game.is_new))}
      union all select game_id, ${name} from ${missing}
      order by 1, 2
    )`;
}
