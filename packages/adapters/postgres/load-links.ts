import { type RawBuilder, sql } from 'kysely';
import { confirmations, mayBeConfirmedSince, oldestOf } from './confirmations.ts';
import { isLaterThan } from './later-wins.ts';
import type { LibraryState } from './library-state.ts';
import type { GameRow } from './load-games.ts';
import { type Column, unnestRows } from './unnest-rows.ts';
import { storedRows } from './write-rows.ts';

/** Ids of the rows that a game is linked to, none twice; null where nobody told. `learntAt` in Unix seconds. */
export type GameLinks = {
  genreIds: readonly number[] | null;
  platformIds: readonly number[] | null;
  learntAt: number;
};

const tables = [
  { table: 'game_genres', column: 'genre_id', told: 'genreIds' },
  { table: 'game_platforms', column: 'platform_id', told: 'platformIds' },
] as const;

/**
 * The statement that makes the links of these games exactly what is told: adds what is missing, removes what IGDB
 * dropped. What is not told stays, and what is told late is only added where there is no link.
 * @param links by the IGDB ids of the games.
 * @returns ids of the games that were there before and whose links changed.
 */
export function linksStatement(
  links: ReadonlyMap<number, GameLinks>,
  rows: readonly GameRow[],
  state: LibraryState,
): RawBuilder<{ game_id: number }> {
  const linksOf = (game: GameRow): GameLinks => links.get(game.igdb_id)!;
  return sql`
    with ${sql.join(tables.map((one) => differences(one, rows, linksOf)))},
    ${overruled(
      rows.filter((game) => !game.is_new && game.later),
      linksOf,
      state,
    )},
    ${sql.join(tables.map((one) => syncLinks(one, rows, linksOf)))}
    ${sql.join(
      tables.map(
        ({ table }) =>
          sql`select game_id from ${cte('dropped', table)} union select game_id from ${cte('missing', table)}`,
      ),
      sql` union `,
    )}`;
}

type Table = (typeof tables)[number];
type LinksOf = (game: GameRow) => GameLinks;

const cte = (name: string, table: Table['table']) => sql.ref(`${name}_${table}`);
const samePair = (name: RawBuilder<unknown>) =>
  sql`given.game_id = link.game_id and given.${name} = link.${name}`;
const hasNoLink = (table: Table['table'], one: string) =>
  sql`not exists (select from ${sql.table(table)} link where link.game_id = ${sql.ref(`${one}.game_id`)})`;

/**
 * What is linked and no longer told, `extra_{table}`, and what is told and not linked, `lacking_{table}`, of the games that
 * were there before.
 */
function differences({ table, column, told }: Table, rows: readonly GameRow[], linksOf: LinksOf) {
  const known = rows.filter((game) => !game.is_new && linksOf(game)[told] !== null);
  const later = known.filter((game) => game.later);
  const earlier = known.filter((game) => !game.later);
  const pairsOf = (some: readonly GameRow[]) => pairs(column, some, (game) => linksOf(game)[told]);
  const ids = (some: readonly GameRow[]): Column => ['game_id', 'int', some.map(({ id }) => id)];
  const name = sql.ref(column);
  const given = cte('given', table);
  return sql`
    ${given} as materialized (
      select game_id, ${name} from ${pairsOf(later)}
      union all
      select game_id, ${name} from ${pairsOf(earlier)} where ${hasNoLink(table, 'incoming')}
    ),
    ${cte('extra', table)} as materialized (
      select link.game_id, link.${name} from ${storedRows(table, ids(later))} link
      where not exists (select from ${given} given where ${samePair(name)})
    ),
    ${cte('lacking', table)} as materialized (
      select given.game_id, given.${name} from ${given} given
      where not exists (select from ${storedRows(table, ids(known))} link where ${samePair(name)})
    )`;
}

/**
 * CTE `overruled`: the games of which an import that came earlier had learnt more lately what their links are. It is
 * looked for only where links differ, because there may be tens of thousands of confirmations to read.
 */
function overruled(later: readonly GameRow[], linksOf: LinksOf, state: LibraryState): RawBuilder<unknown> {
  const learntAt = later.map((game) => linksOf(game).learntAt);
  const oldestFact = oldestOf(learntAt);
  if (!mayBeConfirmedSince(oldestFact, state))
    return sql`overruled as (select null::int as game_id where false)`;
  const igdbIds: Column = ['igdb_id', 'int', later.map((game) => game.igdb_id)];
  const differ = sql.join(
    tables.flatMap(({ table }) => [
      sql`exists (select from ${cte('extra', table)})`,
      sql`exists (select from ${cte('lacking', table)})`,
    ]),
    sql` or `,
  );
  return sql`
    overruled as materialized (
      select incoming.game_id
      from ${unnestRows([['game_id', 'int', later.map(({ id }) => id)], igdbIds, ['learnt_at', 'int', learntAt]])}
        join ${confirmations('games', igdbIds, oldestFact)} confirmed on confirmed.id = incoming.igdb_id
      where (${differ}) and not ${isLaterThan(sql`confirmed.learnt_at`, 'learnt_at', state)}
    )`;
}

/** Games that are new have no links yet, so theirs are added without a look at those that exist. */
function syncLinks({ table, column, told }: Table, rows: readonly GameRow[], linksOf: LinksOf) {
  const name = sql.ref(column);
  const pairsOfNew = pairs(
    column,
    rows.filter((game) => game.is_new),
    (game) => linksOf(game)[told],
  );
  return sql`
    ${cte('dropped', table)} as (
      delete from ${sql.table(table)} link using ${cte('extra', table)} given
      where ${samePair(name)} and given.game_id not in (select game_id from overruled)
      returning link.game_id
    ),
    ${cte('missing', table)} as materialized (
      select game_id, ${name} from ${cte('lacking', table)} lacking
      where game_id not in (select game_id from overruled) or ${hasNoLink(table, 'lacking')}
    ),
    ${cte('added', table)} as (
      insert into ${sql.table(table)} (game_id, ${name})
      select game_id, ${name} from ${pairsOfNew}
      union all select game_id, ${name} from ${cte('missing', table)}
      order by 1, 2
    )`;
}

function pairs(
  column: Table['column'],
  games: readonly GameRow[],
  idsOf: (game: GameRow) => readonly number[] | null,
): RawBuilder<unknown> {
  const gameIds: number[] = [];
  const ids: number[] = [];
  for (const game of games)
    for (const id of idsOf(game) ?? []) {
      gameIds.push(game.id);
      ids.push(id);
    }
  return unnestRows([
    ['game_id', 'int', gameIds],
    [column, 'int', ids],
  ]);
}
