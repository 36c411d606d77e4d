import Papa from 'papaparse';
import { ValidationError } from '../errors.ts';

/** A row that was not taken, and why. `line` is the physical line in the file where the row begins, from 1. */
export type Reject = { line: number; reason: string; record: string };
/** A row as text by column name; columns that the file lacks are absent. */
export type CsvRecord = { line: number; values: Readonly<Record<string, string>> };

export type CsvColumns = { known: readonly string[]; required: readonly string[] };

/** A single record longer than this is a quote that never closes, not a library entry. */
const maxRecordChars = 1024 * 1024;
/** Beyond this many rows with broken quotes the file is not CSV at all. */
const maxQuoteErrors = 1000;

/**
 * Reads CSV (RFC 4180, UTF-8, header row) as it arrives: takes a BOM, `\r\n`, any column order, unknown and
 * missing optional columns. Yields rows and rejects in batches, in file order, and holds one batch at a time.
 * A quote that is never closed costs only its own line: reading resumes at the next one.
 * @throws ValidationError CSV_NOT_UTF8, CSV_NO_HEADER, CSV_HEADER_INVALID, CSV_MALFORMED: the file is unusable.
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  columns: CsvColumns,
): AsyncGenerator<{ records: CsvRecord[]; rejects: Reject[] }> {
  const scanner = new RecordScanner(columns);
  for await (const text of decodeUtf8(chunks)) {
    const batch = scanner.scan(text, false);
    if (batch.records.length > 0 || batch.rejects.length > 0) yield batch;
  }
  yield scanner.scan('', true);
}

async function* decodeUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // Old spreadsheets end lines with \r alone. A chunk may end between \r and \n: the \r waits for the next one.
  let held = '';
  const normalise = (text: string, last: boolean): string => {
    let whole = held + text;
    held = '';
    if (!last && whole.endsWith('\r')) {
      held = '\r';
      whole = whole.slice(0, -1);
    }
    return whole.replace(/\r\n?/g, '\n');
  };
  for await (const chunk of chunks) yield normalise(decode(decoder, chunk), false);
  yield normalise(decode(decoder), true);
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (cause) {
    throw new ValidationError(
      'CSV_NOT_UTF8',
      'The file is not UTF-8. Save it as “CSV UTF-8” and upload it again.',
      { cause },
    );
  }
}

class RecordScanner {
  readonly #columns: CsvColumns;
  #buffer = '';
  #line = 1;
  #quoteErrors = 0;
  /** Inside a line that was refused before its end had arrived. */
  #skipping = false;
  /** For each field of a row its column name, or null for a column that nobody asked for. */
  #header: (string | null)[] | undefined;

  constructor(columns: CsvColumns) {
    this.#columns = columns;
  }

  scan(text: string, final: boolean): { records: CsvRecord[]; rejects: Reject[] } {
    this.#buffer += text;
    const batch = { records: [] as CsvRecord[], rejects: [] as Reject[] };
    let position = this.#skipping ? this.#skipLine(0) : 0;
    for (;;) {
      const { end, brokenAt } = this.#parseFrom(position, final, batch);
      position = end;
      if (brokenAt === undefined && (final || this.#buffer.length - position <= maxRecordChars)) break;
      if (position >= this.#buffer.length) break;
      position = this.#rejectLine(position, batch.rejects);
    }
    this.#buffer = this.#buffer.slice(position);
    if (final && !this.#header)
      throw new ValidationError('CSV_NO_HEADER', 'The file is empty: it has no header row.');
    return batch;
  }

  /** Takes whole records from `start` on, up to the first one with a broken quote. */
  #parseFrom(start: number, final: boolean, batch: { records: CsvRecord[]; rejects: Reject[] }) {
    const input = start === 0 ? this.#buffer : this.#buffer.slice(start);
    let end = 0;
    let brokenAt: number | undefined;
    const parser = new Papa.Parser({
      delimiter: ',',
      newline: '\n',
      step: ({ data, errors, meta }: Papa.ParseStepResult<string[][]>) => {
        if (errors.length > 0) {
          brokenAt = start + end;
          parser.abort();
          return;
        }
        this.#take(data[0]!, input.slice(end, meta.cursor), batch);
        end = meta.cursor;
      },
    });
    parser.parse(input, 0, !final);
    return { end: start + end, brokenAt };
  }

  #rejectLine(start: number, rejects: Reject[]): number {
    if (!this.#header)
      throw new ValidationError('CSV_HEADER_INVALID', 'The header row has a quote that is never closed.');
    this.#quoteErrors += 1;
    if (this.#quoteErrors > maxQuoteErrors)
      throw new ValidationError(
        'CSV_MALFORMED',
        `More than ${maxQuoteErrors} rows have broken quotes: this is not CSV.`,
      );
    const line = this.#line;
    const end = this.#skipLine(start);
    rejects.push({
      line,
      reason: 'a quote is not closed, text follows a closing quote, or the row has no end',
      record: trimRecord(this.#buffer.slice(start, end)),
    });
    return end;
  }

  /** @returns where the next line begins; the end of the buffer when it has not arrived yet. */
  #skipLine(start: number): number {
    const newline = this.#buffer.indexOf('\n', start);
    this.#skipping = newline === -1;
    if (this.#skipping) return this.#buffer.length;
    this.#line += 1;
    return newline + 1;
  }

  #take(fields: string[], source: string, batch: { records: CsvRecord[]; rejects: Reject[] }): void {
    const line = this.#line;
    this.#line += source.split('\n').length - 1;
    if (fields.length === 1 && fields[0]!.trim() === '') return;
    if (!this.#header) {
      this.#header = readHeader(fields, this.#columns);
      return;
    }
    if (fields.length !== this.#header.length) {
      const reason = `the row has ${fields.length} values where the header names ${this.#header.length} columns`;
      batch.rejects.push({ line, reason, record: trimRecord(source) });
      return;
    }
    // No prototype: a column may be called anything.
    const values: Record<string, string> = Object.create(null);
    for (const [index, column] of this.#header.entries())
      if (column !== null) values[column] = fields[index]!;
    batch.records.push({ line, values });
  }
}

function readHeader(fields: string[], { known, required }: CsvColumns): (string | null)[] {
  const names = fields.map((field) => field.trim().toLowerCase());
  const missing = required.filter((column) => !names.includes(column));
  if (missing.length > 0)
    throw new ValidationError(
      'CSV_HEADER_INVALID',
      `The header row lacks the column ${missing.join(', ')}; it begins with “${fields.join(',').slice(0, 80)}”. The first line must name the columns, separated by commas.`,
    );
  const twice = known.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice)
    throw new ValidationError('CSV_HEADER_INVALID', `The header row names the column ${twice} twice.`);
  return names.map((name) => (known.includes(name) ? name : null));
}

/** Enough of a bad row to recognise and mend it. */
const trimRecord = (record: string): string => record.replace(/\n$/, '').slice(0, 500).toWellFormed();

/** One or more rows as CSV lines, each ending in `\n`. Null is an empty field. */
export function writeCsvRows(rows: readonly (readonly (string | number | null)[])[]): string {
  return `${Papa.unparse(rows as (string | number | null)[][], { newline: '\n' })}\n`;
}
