import { type RawBuilder, sql } from 'kysely';
import { arrayParameter } from './array-parameter.ts';
import type { LibraryState } from './library-state.ts';
import type { Column } from './unnest-rows.ts';

/** Which shared rows an import told, by their IGDB or app ids, and when it had learnt that, in Unix seconds. */
export type Facts = {
  kind: 'games' | 'genres' | 'platforms' | 'steam_apps';
  ids: readonly number[];
  learntAt: readonly (number | null)[];
  /** Of apps, whose names are learnt at other times than the rest. */
  namedAt?: readonly (number | null)[];
};

/** So many rows are read by each load; when there are more, they become one. */
const maxRows = 64;

/**
 * When each row was last told, joined as `confirmed` to `incoming` and `stored` where anything can have been told later
 * than the oldest of these facts. A row keeps the time of what is written in it, and a fact that found it so already is
 * noted here alone.
 */
export function joinConfirmations(
  kind: Facts['kind'],
  ids: Column,
  state: LibraryState,
  oldestFact: number,
): RawBuilder<unknown> {
  if (!mayBeConfirmedSince(oldestFact, state))
    return sql`cross join (select null::timestamptz as learnt_at, null::timestamptz as named_at) confirmed`;
  const [name] = ids;
  // Both in one condition: so PostgreSQL joins them first, drops what comes as it is stored, and reads no confirmation
  // where nothing is left. There are tens of thousands of them, and mostly nothing is.
  return sql`left join ${confirmations(kind, ids, oldestFact)} confirmed
    on confirmed.id = coalesce(${sql.ref(`stored.${name}`)}, ${sql.ref(`incoming.${name}`)})`;
}

/** Unix seconds. */
export const oldestOf = (times: readonly number[]): number =>
  times.reduce((oldest, time) => Math.min(oldest, time), Number.POSITIVE_INFINITY);

/** Whether anything was told after facts of that time, in Unix seconds. */
export const mayBeConfirmedSince = (oldestFact: number, { newestConfirmation }: LibraryState): boolean =>
  newestConfirmation !== null && newestConfirmation >= oldestFact;

/** When each of these rows was last told, since `oldestFact`: `id`, `learnt_at`, `named_at`. */
export const confirmations = (
  kind: Facts['kind'],
  [, type, ids]: Column,
  oldestFact: number,
): RawBuilder<unknown> => sql`(
      select id, to_timestamp(max(learnt)) as learnt_at, to_timestamp(max(named)) as named_at
      from import_contents cross join lateral unnest(ids, learnt_at, named_at) as one(id, learnt, named)
      where kind = ${sql.lit(kind)} and newest_learnt_at >= ${oldestFact} and id = any(${arrayParameter(type, ids)})
      group by id
    )`;

/** CTEs that note what an import told; many rows are first put together, so that no load reads more than some. */
export function writeConfirmations(
  importId: string,
  facts: readonly Facts[],
  { confirmationRows }: LibraryState,
): RawBuilder<unknown> {
  const rows = facts
    .filter(({ ids }) => ids.length > 0)
    .map(({ kind, ids, learntAt, namedAt }) => {
      const newest = Math.max(0, maxOf(learntAt), maxOf(namedAt ?? []));
      return sql`(${importId}, ${kind}, ${arrayParameter('int', ids)}, ${arrayParameter('int', learntAt)},
        ${namedAt ? arrayParameter('int', namedAt) : sql`null::int[]`}, ${sql.lit(newest)})`;
    });
  return sql`
    ${confirmationRows > maxRows ? sql`${mergeRows(importId)},` : sql``}
    confirmed as (
      insert into import_contents (import_id, kind, ids, learnt_at, named_at, newest_learnt_at)
      values ${sql.join(rows)}
      on conflict (import_id, kind, told) do update set
        (ids, learnt_at, named_at, newest_learnt_at)
          = (excluded.ids, excluded.learnt_at, excluded.named_at, excluded.newest_learnt_at)
      where (import_contents.ids, import_contents.learnt_at, import_contents.named_at)
        is distinct from (excluded.ids, excluded.learnt_at, excluded.named_at)
    )`;
}

const maxOf = (times: readonly (number | null)[]): number =>
  times.reduce<number>((max, time) => Math.max(max, time ?? 0), 0);

const mergeRows = (importId: string) => sql`
  single as (
    delete from import_contents
    where newest_learnt_at is not null and import_id is distinct from ${importId} returning *
  ),
  latest as (
    select kind, id, max(learnt) as learnt, max(named) as named
    from single cross join lateral unnest(ids, learnt_at, named_at) as one(id, learnt, named)
    group by kind, id
  ),
  merged as (
    insert into import_contents (kind, ids, learnt_at, named_at, newest_learnt_at)
    select kind, array_agg(id order by id), array_agg(learnt order by id), array_agg(named order by id),
      max(greatest(learnt, named))
    from latest group by kind
  )`;
