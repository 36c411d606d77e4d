import { type RawBuilder, sql } from 'kysely';

export type Value = string | number | null;
/** A column of rows on their way to the database: its name, its PostgreSQL type, one value a row. */
export type Column = readonly [name: string, type: string, values: readonly Value[]];

/** `unnest(…) as incoming(…)`: any number of rows as one parameter a column, so that no limit of parameters is met. */
export function unnestRows(columns: readonly Column[]): RawBuilder<unknown> {
  const arrays = columns.map(([, type, values]) => sql`${arrayLiteral(values)}::${sql.raw(type)}[]`);
  const names = columns.map(([name]) => sql.ref(name));
  return sql`unnest(${sql.join(arrays)}) as incoming(${sql.join(names)})`;
}

/** PostgreSQL's own text form of an array. */
export function arrayLiteral(values: readonly Value[]): string {
  return `{${values.map(elementLiteral).join(',')}}`;
}

const elementLiteral = (value: Value): string | number => {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
};
