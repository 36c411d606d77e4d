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

const special = /["\\]/;

/** PostgreSQL's own text form of an array. Built by appending, which takes half the time of joining. */
export function arrayLiteral(values: readonly Value[]): string {
  let text = '';
  for (const value of values) {
    if (text !== '') text += ',';
    if (value === null) text += 'NULL';
    else if (typeof value === 'number') text += value;
    else text += special.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
  }
  return `{${text}}`;
}
