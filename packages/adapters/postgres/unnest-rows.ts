import { type RawBuilder, sql } from 'kysely';
import { arrayParameter, type ElementType, type Value } from './array-parameter.ts';

/** A column of rows on their way to the database: its name, its type, one value a row. */
export type Column = readonly [name: string, type: ElementType, values: readonly Value[]];

/**
 * The rows as `incoming`: one parameter a column, however many rows, so that no limit of parameters is met. In the
 * select list `unnest` gives its rows as they are asked for; in FROM all of them would be stored first.
 */
export function unnestRows(columns: readonly Column[]): RawBuilder<unknown> {
  const arrays = columns.map(
    ([name, type, values]) => sql`unnest(${arrayParameter(type, values)}) as ${sql.ref(name)}`,
  );
  return sql`(select ${sql.join(arrays)}) as incoming`;
}
