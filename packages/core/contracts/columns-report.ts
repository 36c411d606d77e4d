import * as v from 'valibot';
import type { LibraryBatch } from './library-reader.ts';

/** What was understood of a file that somebody dropped, so that they can see it. */
export const ColumnsReport = v.object({
  /** Each column that was understood, and how the file spells it. */
  understood: v.record(v.string(), v.string()),
  /** Other columns, as the file spells them; the first ones of very many. */
  left_aside: v.array(v.string()),
  /** How many cells of a column could not be read, and so tell nothing. */
  unread: v.record(v.string(), v.number()),
});
export type ColumnsReport = v.InferOutput<typeof ColumnsReport>;

const maxLeftAside = 50;
const maxNameChars = 100;

/** Gathers the report of a file, batch by batch. */
export function reportColumns() {
  let header: LibraryBatch<unknown>['header'] | undefined;
  const unread: Record<string, number> = {};
  return {
    add(batch: Pick<LibraryBatch<unknown>, 'header' | 'unread'>): void {
      header = batch.header;
      for (const column of batch.unread) unread[column] = (unread[column] ?? 0) + 1;
    },
    /** Undefined where there is nothing to say: every column has the pipeline's own name, and every cell was read. */
    report(): ColumnsReport | undefined {
      if (!header) return undefined;
      const { fields, columns } = header;
      const isOwn = fields.every((field, index) => field === columns[index]?.name);
      if (isOwn && Object.keys(unread).length === 0) return undefined;
      const spelled = fields.map((field) => field.slice(0, maxNameChars).toWellFormed());
      return {
        understood: Object.fromEntries(
          columns.flatMap((column, index) => (column === null ? [] : [[column.name, spelled[index]!]])),
        ),
        left_aside: spelled
          .filter((field, index) => columns[index] === null && field !== '')
          .slice(0, maxLeftAside),
        unread,
      };
    },
  };
}
