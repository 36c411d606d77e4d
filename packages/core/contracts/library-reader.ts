import type { RejectedRows } from './rejects.ts';
import { ValidationError } from '../errors.ts';
import { type CsvRecord, type Reject, readCsv } from './csv.ts';
import type { CsvColumn, CsvHeader } from './csv-header.ts';

/** Reading of library files of any kind. */

export type LibraryBatch<Row> = {
  header: CsvHeader;
  rows: Row[];
  rejects: Reject[];
  /** The columns of cells that could not be read, a name for each cell. */
  unread: string[];
};
/** A row and the columns whose cells could not be read, or what is wrong with the row. */
export type ReadRow<Row> = { row: Row; unread: readonly string[] } | { fault: string };

/** Beyond this many bad rows the file is no library, and they are not kept in memory. */
const maxRejects = 100_000;

/**
 * Rows of a library file; a second row of the same app is refused.
 * @param columns the first one is the app's id. @param readRow of the values by column name.
 * @throws ValidationError CSV_…: the file is unusable.
 */
export async function* readLibrary<Row extends { appId: number }>(
  chunks: AsyncIterable<Uint8Array>,
  columns: readonly CsvColumn[],
  readRow: (values: CsvRecord['values']) => ReadRow<Row>,
): AsyncGenerator<LibraryBatch<Row>> {
  const lineOfApp = new Map<number, number>();
  let rejected = 0;
  for await (const { header, records, rejects } of readCsv(chunks, columns)) {
    const batch: LibraryBatch<Row> = { header, rows: [], rejects, unread: [] };
    for (const record of records) takeRecord(record, readRow(record.values), lineOfApp, batch);
    rejected += rejects.length;
    if (rejected > maxRejects)
      throw new ValidationError(
        'CSV_MALFORMED',
        `More than ${maxRejects.toLocaleString('en')} rows cannot be used: this is no library. ${firstReasons(rejects)}`,
      );
    rejects.sort((a, b) => a.line - b.line);
    yield batch;
  }
}

function takeRecord<Row extends { appId: number }>(
  { line, fields }: CsvRecord,
  read: ReadRow<Row>,
  lineOfApp: Map<number, number>,
  { rows, rejects, unread }: LibraryBatch<Row>,
): void {
  const firstLine = 'row' in read ? lineOfApp.get(read.row.appId) : undefined;
  if ('row' in read && firstLine === undefined) {
    lineOfApp.set(read.row.appId, line);
    rows.push(read.row);
    unread.push(...read.unread);
    return;
  }
  const reason = 'fault' in read ? read.fault : `appid ${read.row.appId} already stands in line ${firstLine}`;
  rejects.push({ line, reason, record: recordOf(fields) });
}

/** Enough of a bad row to recognise it. */
export const recordOf = (fields: readonly string[]): string => fields.join(',').slice(0, 500).toWellFormed();

/** A file that has rows of which none can be used is no library, and not an empty one. */
export const noUsableRows = ({ first, count }: RejectedRows): ValidationError =>
  new ValidationError(
    'CSV_NO_USABLE_ROWS',
    `None of the file's ${count.toLocaleString('en')} rows can be used. ${firstReasons(first)}`,
  );

const firstReasons = (rejects: readonly Reject[]): string =>
  rejects
    .slice(0, 3)
    .map(({ line, reason }) => `Line ${line}: ${reason}.`)
    .join(' ');
