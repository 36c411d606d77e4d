/**
 * An array as PostgreSQL writes it, to be cast from text: `{"Action","Open world"}`. Null stays null.
 * https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export const arrayLiteral = (values: readonly (string | number)[] | null): string | null =>
  values && `{${values.map(element).join()}}`;

const element = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${value.replace(/["\\]/g, '\\$&')}"`;
