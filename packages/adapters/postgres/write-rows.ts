import { type RawBuilder, sql } from 'kysely';
import type { Database } from './schema.ts';
import { type Column, unnestRows } from './unnest-rows.ts';

export type Rows = {
  table: keyof Database;
  /** The columns of a primary key or unique index. No two rows may share a key. */
  key: readonly string[];
  incoming: readonly Column[];
  /** Expressions over `incoming`, for the columns that are not written as they come. */
  computed?: Readonly<Record<string, RawBuilder<unknown>>>;
  /** Which rows that exist may be overwritten: a condition on `stored` and `incoming`. */
  overwrite?: RawBuilder<unknown>;
  /** Columns that `inserted_{table}` gives of the new rows. */
  returning?: readonly string[];
};

/**
 * CTEs that insert the rows that are new and update those that differ; `written_{table}` has their columns and `is_new`. A row that
 * would not change is left out before anything is written, so that it costs no dead tuple, no lock and no WAL.
 * Rows are taken in the order of their key, so that two writers can not deadlock. New rows go in without ON CONFLICT,
 * which costs a third more: a row that another program adds meanwhile is a conflict, and the load is repeated.
 */
export function writeRows({
  table,
  key,
  incoming,
  computed = {},
  overwrite = sql`true`,
  returning = [],
}: Rows): RawBuilder<unknown> {
  const columns = [...new Set([...Object.keys(computed), ...incoming.map(([name]) => name)])];
  const owned = columns.filter((name) => !key.includes(name));
  const listOf = (list: readonly string[], build: (name: string) => RawBuilder<unknown>) =>
    sql.join(list.map(build));
  const writtenOf = (name: string) => computed[name] ?? sql.ref(`incoming.${name}`);
  const storedOf = (name: string) => sql.ref(`stored.${name}`);
  const sameKey = key.map((name) => sql`${storedOf(name)} = ${writtenOf(name)}`);
  const written = sql.ref(`written_${table}`);
  const insertWhere = (isNew: boolean) => sql`
    insert into ${sql.table(table)} (${listOf(columns, sql.ref)})
    select ${listOf(columns, sql.ref)} from ${written} where is_new = ${sql.lit(isNew)}`;
  return sql`
    ${written} as materialized (
      select ${listOf(columns, (name) => sql`${writtenOf(name)} as ${sql.ref(name)}`)},
        ${storedOf(key[0]!)} is null as is_new
      from ${unnestRows(incoming)} left join ${sql.table(table)} stored on ${sql.join(sameKey, sql` and `)}
      where ${storedOf(key[0]!)} is null
        or (${overwrite} and (${listOf(owned, storedOf)}) is distinct from (${listOf(owned, writtenOf)}))
      order by ${listOf(key, writtenOf)}
    ),
    ${sql.ref(`inserted_${table}`)} as (
      ${insertWhere(true)} ${returning.length > 0 ? sql`returning ${listOf(returning, sql.ref)}` : sql``}
    ),
    ${sql.ref(`updated_${table}`)} as (${insertWhere(false)}
      on conflict (${listOf(key, sql.ref)}) do update set
        ${listOf(owned, (name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`)})`;
}
