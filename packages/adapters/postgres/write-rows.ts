import { type RawBuilder, sql } from 'kysely';
import { arrayParameter } from './array-parameter.ts';
import type { Database } from './schema.ts';
import { type Column, unnestRows } from './unnest-rows.ts';

export type Rows = {
  table: keyof Database;
  /** The columns of a primary key or unique index. No two rows may share a key. */
  key: readonly string[];
  incoming: readonly Column[];
  /** Expressions over `incoming`, for columns that do not come in the table's own type. */
  computed?: Readonly<Record<string, RawBuilder<unknown>>>;
  /**
   * What is written in a column when it is neither as it comes nor as it was by itself: an expression over `stored`,
   * all null for a new row, and `incoming`, whose result is either the one or the other where they differ.
   */
  merged?: Readonly<Record<string, RawBuilder<unknown>>>;
  /** Columns that are written along with others; that they differ writes nothing. */
  noted?: readonly string[];
  /** What `written_{table}` has beside the columns: expressions over `stored` and `incoming`. */
  kept?: Readonly<Record<string, RawBuilder<unknown>>>;
  /** Joined for the sake of `merged`. */
  join?: RawBuilder<unknown>;
  /** Columns that `inserted_{table}` gives of the new rows. */
  returning?: readonly string[];
};

/**
 * CTEs that insert the rows that are new and update those that differ; `written_{table}` has their columns and `is_new`. A row that
 * would not change is left out before anything is written, so that it costs no dead tuple, no lock and no WAL.
 * Rows are taken in the order of their key, so that two writers cannot deadlock. New rows go in without ON CONFLICT,
 * which costs a third more: a row that another program adds meanwhile is a conflict, and the load is repeated.
 */
export function writeRows(rows: Rows): RawBuilder<unknown> {
  const { table, key, incoming, computed = {}, merged = {}, noted = [], kept = {} } = rows;
  const { join = sql``, returning = [] } = rows;
  const columns = [...new Set([...Object.keys(computed), ...incoming.map(([name]) => name)])];
  const owned = columns.filter((name) => !key.includes(name));
  const telling = owned.filter((name) => !noted.includes(name));
  const listOf = (list: readonly string[], build: (name: string) => RawBuilder<unknown>) =>
    sql.join(list.map(build));
  const incomingOf = (name: string) => computed[name] ?? sql.ref(`incoming.${name}`);
  const writtenOf = (name: string) => merged[name] ?? incomingOf(name);
  const storedOf = (name: string) => sql.ref(`stored.${name}`);
  const sameKey = key.map((name) => sql`${storedOf(name)} = ${incomingOf(name)}`);
  const written = sql.ref(`written_${table}`);
  const insertWhere = (isNew: boolean) => sql`
    insert into ${sql.table(table)} (${listOf(columns, sql.ref)})
    select ${listOf(columns, sql.ref)} from ${written} where is_new = ${sql.lit(isNew)}`;
  const differs = (comes: (name: string) => RawBuilder<unknown>) => sql`(${storedOf(key[0]!)} is null
        or (${listOf(telling, storedOf)}) is distinct from (${listOf(telling, comes)}))`;
  // What comes as it is stored stays so, whatever the rules; only of the rest they are asked, which takes longer.
  return sql`
    ${written} as materialized (
      select ${listOf(columns, (name) => sql`${writtenOf(name)} as ${sql.ref(name)}`)},
        ${sql.join([
          ...Object.entries(kept).map(([name, value]) => sql`${value} as ${sql.ref(name)}`),
          sql`${storedOf(key[0]!)} is null as is_new`,
        ])}
      from ${unnestRows(incoming)}
        left join ${storedRows(table, incoming.find(([name]) => name === key.at(-1))!)} stored
          on ${sql.join(sameKey, sql` and `)} ${join}
      where ${differs(incomingOf)} and ${differs(writtenOf)}
      order by ${listOf(key, incomingOf)}
    ),
    ${sql.ref(`inserted_${table}`)} as (
      ${insertWhere(true)} ${returning.length > 0 ? sql`returning ${listOf(returning, sql.ref)}` : sql``}
    ),
    ${sql.ref(`updated_${table}`)} as (${insertWhere(false)}
      on conflict (${listOf(key, sql.ref)}) do update set
        ${listOf(owned, (name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`)})`;
}

/**
 * The rows of a table that have one of these values, by its index: else PostgreSQL would put the whole table, and soon
 * that of all games, into a hash for each batch.
 */
export const storedRows = (table: keyof Database, [name, type, values]: Column): RawBuilder<unknown> =>
  sql`(select * from ${sql.table(table)} where ${sql.ref(name)} = any(${arrayParameter(type, values)}))`;
