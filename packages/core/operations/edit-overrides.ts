import * as v from 'valibot';
import { requiredId } from '../contracts/cells.ts';
import { type CsvRecord, readCsv, writeCsvRows } from '../contracts/csv.ts';
import type { CsvHeader } from '../contracts/csv-header.ts';
import { overrideColumns, readOverrides } from '../contracts/overrides.ts';
import { ValidationError } from '../errors.ts';

/**
 * Changes one app's line in the text of `overrides/apps.csv` and leaves every other character as it is: people keep
 * that file too, with their own columns, order and remarks.
 */

/** `overrides/apps.csv`, changed without losing what somebody else wrote meanwhile. */
export type OverridesFile = {
  /** As it lies there; null when nobody wrote overrides. */
  read(): Promise<Uint8Array | null>;
  /**
   * Writes `change(text)`; when another writer came between, reads and changes again. Null changes nothing.
   * @throws ValidationError CSV_NOT_UTF8: what was written back as UTF-8 would have lost letters.
   */
  update(change: (text: string | null) => Promise<string | null>): Promise<void>;
};

/** The columns to write, as text; one that is absent keeps what the app's line has. */
export type OverrideChange = { igdb_id?: string; classification?: string; note?: string };

const emptyFile = writeCsvRows([overrideColumns.map(({ name }) => name)]);

/**
 * @param text null when there is no file yet.
 * @throws ValidationError OVERRIDE_INVALID when the app's line would not be understood, OVERRIDES_COLUMN_MISSING,
 *   CSV_… when the file is unusable.
 */
export async function setOverride(
  text: string | null,
  appId: number,
  change: OverrideChange,
): Promise<string> {
  const file = await readLines(text?.trim() ? text : emptyFile);
  const own = file.rowsOf(appId);
  const place = own.at(-1);
  const line = writeLine(file.header, place?.fields ?? [], { ...change, appid: String(appId) });
  await assertUnderstood(file.lines.slice(0, file.headerLines), line);
  const lineEnd = /\r\n?$/.exec(file.lines[(place?.endLine ?? file.headerLines) - 1]!)?.[0] ?? '\n';
  const written = line.replace(/\n$/, lineEnd);
  if (!place) {
    const isEnded = /[\r\n]$/.test(file.lines.at(-1)!);
    return [...file.lines, isEnded ? '' : lineEnd, written].join('');
  }
  return file.lines
    .flatMap((current, index) => {
      if (index === place.line - 1) return [written];
      return isPart(own, index) ? [] : [current];
    })
    .join('');
}

/** Takes out every line of the app. @returns null when it has none. */
export async function removeOverride(text: string, appId: number): Promise<string | null> {
  const { lines, rowsOf } = await readLines(text);
  const own = rowsOf(appId);
  if (own.length === 0) return null;
  return lines.filter((_line, index) => !isPart(own, index)).join('');
}

/** @param index of a line, from 0. */
const isPart = (rows: readonly CsvRecord[], index: number): boolean =>
  rows.some(({ line, endLine }) => index >= line - 1 && index < endLine);

/** The file's physical lines, line ends included, as the reader counts them; and the rows of each app. */
async function readLines(text: string) {
  const lines = text.match(/[^\r\n]*(?:\r\n?|\n)|[^\r\n]+$/g) ?? [];
  const records: CsvRecord[] = [];
  let head: { header: CsvHeader; headerLines: number } | undefined;
  for await (const batch of readCsv(bytesOf(text), overrideColumns)) {
    head = batch;
    records.push(...batch.records);
  }
  const rowsOf = (appId: number) =>
    records.filter(
      ({ values }) => v.is(requiredId, values.appid) && v.parse(requiredId, values.appid) === appId,
    );
  return { ...head!, lines, rowsOf };
}

/** @param fields of the app's line before. */
function writeLine(
  { columns, delimiter }: CsvHeader,
  fields: readonly string[],
  values: OverrideChange & { appid: string },
): string {
  const written = columns.map((column, index) => {
    const value = (values as Record<string, string | undefined>)[column?.name ?? ''];
    return value ?? fields[index] ?? '';
  });
  const missing = Object.keys(values).find((name) => !columns.some((column) => column?.name === name));
  if (missing !== undefined)
    throw new ValidationError(
      'OVERRIDES_COLUMN_MISSING',
      `The override file has no column ${missing}; add it to the header row first.`,
    );
  return writeCsvRows([written], delimiter);
}

async function assertUnderstood(headerLines: readonly string[], line: string): Promise<void> {
  const { rejects } = await readOverrides(bytesOf(headerLines.join('').replace(/[^\r\n]$/, '$&\n') + line));
  const [reject] = rejects.first;
  if (reject)
    throw new ValidationError('OVERRIDE_INVALID', `This override cannot be used: ${reject.reason}.`);
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
