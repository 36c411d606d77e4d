import Papa from 'papaparse';
import { ValidationError } from '../errors.ts';
import { inHours } from './cell-text.ts';
import type { CsvBatch, CsvRecord, Reject } from './csv.ts';
import { type CsvColumn, type CsvHeader, findHeader } from './csv-header.ts';

/** A single record longer than this is a quote that never closes, not a library entry. */
const maxRecordChars = 1024 * 1024;
/** Beyond this many rows with broken quotes the file is not CSV at all. */
const maxQuoteErrors = 1000;

/** A record's beginning that is longer is read again only when an eighth more of it has come. */
const longBeginningChars = 16 * 1024;

/** What Excel reads above the header as the delimiter. */
const separatorLine = /^"?sep=([^\n"])"?[^\S\n]*(?:\n|$)/i;
const blankLines = /^[\s,;]*\n/;

/** Takes CSV apart as it arrives. */
export class RecordScanner {
  readonly #columns: readonly CsvColumn[];
  #buffer = '';
  /** So much of its end was never read. */
  #newChars = 0;
  #line = 1;
  #quoteErrors = 0;
  /** Inside a line that was refused before its end had arrived. */
  #skipping = false;
  #toldDelimiter: string | undefined;
  #header: CsvHeader | undefined;
  #headerLines = 0;

  /** @param columns the first one must be there. */
  constructor(columns: readonly CsvColumn[]) {
    this.#columns = columns;
  }

  /** @returns undefined while the header is incomplete, and while a long record comes in small pieces. */
  scan(text: string, final: boolean): CsvBatch | undefined {
    this.#buffer += text;
    this.#newChars += text.length;
    const { length } = this.#buffer;
    if (!final && length > longBeginningChars && this.#newChars < length / 8) return undefined;
    this.#newChars = 0;
    const header = this.#header ?? this.#readHeader(final);
    if (!header) return undefined;
    const batch: CsvBatch = { header, headerLines: this.#headerLines, records: [], rejects: [] };
    let position = this.#skipping ? this.#skipLine(0) : 0;
    for (;;) {
      const { end, brokenAt } = this.#parseFrom(position, final, batch);
      position = end;
      if (brokenAt === undefined && (final || this.#buffer.length - position <= maxRecordChars)) break;
      if (position >= this.#buffer.length) break;
      position = this.#rejectLine(position, batch.rejects);
    }
    this.#buffer = this.#buffer.slice(position);
    return batch;
  }

  #readHeader(final: boolean): CsvHeader | undefined {
    this.#dropStart(blankLines);
    if (this.#toldDelimiter === undefined && (final || this.#buffer.includes('\n')))
      this.#toldDelimiter = this.#dropStart(separatorLine)?.[1];
    this.#dropStart(blankLines);
    if (final && this.#buffer.trim() === '')
      throw new ValidationError('CSV_NO_HEADER', 'The file is empty: it has no header row.');
    const found = findHeader(this.#buffer, final, this.#columns, this.#toldDelimiter);
    if (!found) return undefined;
    this.#drop(found.end);
    this.#headerLines = this.#line - 1;
    this.#header = found.header;
    return this.#header;
  }

  #dropStart(form: RegExp): RegExpExecArray | null {
    const start = form.exec(this.#buffer);
    this.#drop(start?.[0].length ?? 0);
    return start;
  }

  #drop(length: number): void {
    this.#line += linesIn(this.#buffer.slice(0, length));
    this.#buffer = this.#buffer.slice(length);
  }

  /** Takes whole records from `start` on, up to the first one with a broken quote. */
  #parseFrom(start: number, final: boolean, batch: CsvBatch) {
    const input = start === 0 ? this.#buffer : this.#buffer.slice(start);
    let end = 0;
    let brokenAt: number | undefined;
    const parser = new Papa.Parser({
      delimiter: batch.header.delimiter,
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

  #take(taken: string[], source: string, { header, records, rejects }: CsvBatch): void {
    const line = this.#line;
    this.#line += linesIn(source);
    if (taken.every(isEmpty)) return;
    const fields = header.spaced ? joinSpacedQuotes(taken, header.delimiter) : taken;
    const width = header.fields.length;
    if (fields.length > width && !fields.slice(width).every(isEmpty)) {
      // Which of the delimiters belongs to a value cannot be known, so no value is certain, nor the app.
      const reason = `the row has ${fields.length} values where the header names ${width} columns`;
      rejects.push({ line, reason, record: trimRecord(source) });
      return;
    }
    records.push({ line, endLine: Math.max(line, this.#line - 1), fields, values: valuesOf(fields, header) });
  }
}

const isEmpty = (field: string): boolean => field.trim() === '';

const linesIn = (text: string): number => text.split('\n').length - 1;

/** By column name; cells that a short row lacks are empty. */
function valuesOf(fields: readonly string[], { columns }: CsvHeader): CsvRecord['values'] {
  // No prototype: a column may be called anything.
  const values: Record<string, string> = Object.create(null);
  for (const [index, column] of columns.entries()) {
    if (column === null) continue;
    const text = fields[index] ?? '';
    values[column.name] = column.inHours ? inHours(text) : text;
  }
  return values;
}

/** Where a space precedes an opening quote, CSV takes the quote for text and parts the value at its delimiters. */
function joinSpacedQuotes(fields: readonly string[], delimiter: string): string[] {
  const joined: string[] = [];
  let open: string | undefined;
  for (const field of fields) {
    open = open === undefined ? field : `${open}${delimiter}${field}`;
    if (/^\s+"/.test(open) && open.split('"').length % 2 === 0) continue;
    joined.push(open.replace(/^\s+"(.*)"\s*$/s, (_quoted, value: string) => value.replaceAll('""', '"')));
    open = undefined;
  }
  return open === undefined ? joined : [...joined, open];
}

/** Enough of a bad row to recognise and mend it. */
export const trimRecord = (record: string): string => record.replace(/\n$/, '').slice(0, 500).toWellFormed();
