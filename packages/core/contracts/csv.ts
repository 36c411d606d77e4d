import Papa from 'papaparse';
import type { CsvColumn, CsvHeader } from './csv-header.ts';
import { RecordScanner } from './csv-records.ts';
import { decodeCsv } from './csv-text.ts';

/** A row that was not taken, and why. `line` is the physical line in the file where the row begins, from 1. */
export type Reject = { line: number; reason: string; record: string };

/** A row as text. */
export type CsvRecord = {
  line: number;
  /** The last of its physical lines. */
  endLine: number;
  /** As they stand in the file; a short row has fewer than the header. */
  fields: readonly string[];
  /** By column name; columns that the file lacks are absent. */
  values: Readonly<Record<string, string>>;
};

export type CsvBatch = {
  header: CsvHeader;
  /** Physical lines up to the end of the header row. */
  headerLines: number;
  records: CsvRecord[];
  rejects: Reject[];
};

/**
 * Reads CSV with a header row as it arrives, as people's programs write it: RFC 4180 in UTF-8, or in UTF-16 that says so;
 * separated by commas, semicolons or tabs; with a BOM, a `sep=` line, any line ends, any column order, other names of the
 * columns, unknown and missing columns, short rows and blank ones. Yields rows and rejects in file order, the header with
 * each batch, and holds one batch at a time. A quote that is never closed costs only its own line: reading resumes at
 * the next one.
 * @param columns that are wanted; the first one must be there.
 * @throws ValidationError CSV_NOT_UTF8, CSV_COMPRESSED, CSV_NO_HEADER, CSV_HEADER_INVALID, CSV_MALFORMED: the file is
 *   unusable.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  columns: readonly CsvColumn[],
): AsyncGenerator<CsvBatch> {
  const scanner = new RecordScanner(columns);
  for await (const text of decodeCsv(chunks)) {
    const batch = scanner.scan(text, false);
    if (batch && batch.records.length + batch.rejects.length > 0) yield batch;
  }
  const last = scanner.scan('', true);
  if (last) yield last;
}

/** One or more rows as CSV lines, each ending in `\n`. Null is an empty field. */
export function writeCsvRows(
  rows: readonly (readonly (string | number | null)[])[],
  delimiter = ',',
): string {
  return `${Papa.unparse(rows as (string | number | null)[][], { newline: '\n', delimiter })}\n`;
}
