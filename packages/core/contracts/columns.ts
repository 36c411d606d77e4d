import * as v from 'valibot';
import type { Cell } from './cells.ts';
import type { ColumnAliases } from './csv-header.ts';

/** A column of a library file, said once: readers, writers, row types and the documentation follow from the tables. */
export type Column<Part extends string, Property extends string, Value> = {
  /** Which object of the row holds the value. */
  part: Part;
  property: Property;
  /** In the file's header. */
  name: string;
  cell: Cell<Value>;
  /** For the documentation. */
  about: string;
  /** What other tools call it. */
  aliases?: ColumnAliases | undefined;
};
export type AnyColumn = Column<string, string, unknown>;

/** Declares columns whose values are properties of one part of the row. */
export const columnsOf =
  <Part extends string>(part: Part) =>
  <Property extends string, Value>(
    property: Property,
    name: string,
    cell: Cell<Value>,
    about: string,
    aliases?: ColumnAliases,
  ): Column<Part, Property, Value> => ({ part, property, name, cell, about, aliases });

/** The object that a table's columns of one part fill. */
export type PartOf<Columns extends readonly AnyColumn[], Part extends string> = {
  [C in Columns[number] as C['part'] extends Part ? C['property'] : never]: C extends {
    cell: Cell<infer Value>;
  }
    ? Value
    : never;
};

/**
 * A part of a row, with the names of the columns whose cells could not be read; or what is wrong with the row in one
 * sentence: `appid is not a whole number …`.
 */
export type ReadPart<Part> = { part: Part; unread: readonly string[] } | { fault: string };

const none: readonly string[] = [];
const firstFault = { abortPipeEarly: true };

/**
 * Reads the cells of one part. A cell that cannot be read counts as not told; where the row is nothing without it, the
 * row is refused.
 * @param values by column name; a column that the file lacks is absent.
 */
export function readPart<Columns extends readonly AnyColumn[], Part extends string>(
  columns: Columns,
  part: Part,
  values: Readonly<Record<string, string>>,
): ReadPart<PartOf<Columns, Part>> {
  const object: Record<string, unknown> = {};
  let unread = none;
  for (const column of columns) {
    if (column.part !== part) continue;
    const read = v.safeParse(column.cell.fromText, values[column.name], firstFault);
    const told = read.success ? read : v.safeParse(column.cell.fromText, undefined);
    if (!told.success) return { fault: `${column.name} ${read.issues![0].message}` };
    if (!read.success) unread = [...unread, column.name];
    object[column.property] = told.output;
  }
  return { part: object as PartOf<Columns, Part>, unread };
}

/**
 * Takes one part of a row out of JSON. A value that its cell cannot hold counts as not told.
 * @param valueAt where a column's value is found. @returns undefined where there is no usable id.
 */
export function partFromJson<Columns extends readonly AnyColumn[], Part extends string>(
  columns: Columns,
  part: Part,
  valueAt: (column: Columns[number]) => unknown,
): PartOf<Columns, Part> | undefined {
  const object: Record<string, unknown> = {};
  for (const column of columns) {
    if (column.part !== part) continue;
    const read = v.safeParse(column.cell.fromJson, valueAt(column));
    if (!read.success) return undefined;
    object[column.property] = read.output;
  }
  return object as PartOf<Columns, Part>;
}
