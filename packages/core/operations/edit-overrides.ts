import { readCsv, writeCsvRows } from '../contracts/csv.ts';
import { overrideColumns, readOverrides } from '../contracts/overrides.ts';
import { ValidationError } from '../errors.ts';

/**
 * Changes one app's line in the text of `overrides/apps.csv` and leaves every other character as it is: people keep
 * that file too, with their own columns, order and remarks.
 */

/** `overrides/apps.csv` as text, changed without losing what somebody else wrote meanwhile. */
export type OverridesFile = {
  /** Null when nobody wrote overrides. */
  read(): Promise<string | null>;
  /** Writes `change(text)`; when another writer came between, reads and changes again. Null changes nothing. */
  update(change: (text: string | null) => Promise<string | null>): Promise<void>;
};

/** The columns to write, as text; one that is absent keeps what the app's line has. */
export type OverrideChange = { igdb_id?: string; classification?: string; note?: string };

const emptyFile = writeCsvRows([overrideColumns]);

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
  const own = file.rows.filter((row) => row.appid === String(appId));
  const values: Record<string, string> = { ...own.at(-1)?.values, ...change, appid: String(appId) };
  const missing = Object.keys(change).find((column) => !file.columns.includes(column));
  if (missing !== undefined)
    throw new ValidationError(
      'OVERRIDES_COLUMN_MISSING',
      `The override file has no column ${missing}; add it to the header row first.`,
    );
  const line = writeCsvRows([file.columns.map((column) => values[column] ?? '')]);
  await assertUnderstood(file.columns, line);
  const place = own.at(-1) ?? { from: file.lines.length, to: file.lines.length };
  const dropped = own.slice(0, -1);
  const lines = file.lines.flatMap((current, index) => {
    if (index === place.from) return [line];
    return isPart([place, ...dropped], index) ? [] : [current];
  });
  if (place.from < file.lines.length) return lines.join('');
  const last = lines.at(-1);
  return [...lines, last?.endsWith('\n') === false ? '\n' : '', line].join('');
}

/** Takes out every line of the app. @returns null when it has none. */
export async function removeOverride(text: string, appId: number): Promise<string | null> {
  const { lines, rows } = await readLines(text);
  const own = rows.filter((row) => row.appid === String(appId));
  if (own.length === 0) return null;
  return lines.filter((_line, index) => !isPart(own, index)).join('');
}

type Span = { from: number; to: number };
const isPart = (spans: readonly Span[], index: number): boolean =>
  spans.some(({ from, to }) => index >= from && index < to);

type OverrideRow = Span & { appid: string | undefined; values: Readonly<Record<string, string>> };

/** The file's physical lines, line ends included, and which of them each row takes. */
async function readLines(text: string): Promise<{ columns: string[]; lines: string[]; rows: OverrideRow[] }> {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const headerIndex = lines.findIndex((line) => line.trim() !== '');
  const columns = (lines[headerIndex] ?? '')
    .replace('\uFEFF', '')
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^"(.*)"$/, '$1')
        .toLowerCase(),
    );
  const found: { line: number; values: Readonly<Record<string, string>> | null }[] = [];
  for await (const { records, rejects } of readCsv(bytesOf(text), { known: columns, required: ['appid'] })) {
    found.push(...records, ...rejects.map(({ line }) => ({ line, values: null })));
  }
  found.sort((a, b) => a.line - b.line);
  const rows = found.flatMap(({ line, values }, index) => {
    if (values === null) return [];
    let to = (found[index + 1]?.line ?? lines.length + 1) - 1;
    while (lines[to - 1]?.trim() === '') to -= 1;
    return [{ from: line - 1, to, appid: normalAppId(values.appid), values }];
  });
  return { columns, lines, rows };
}

const normalAppId = (text: string | undefined) => text?.trim().replace(/^\+?0*(?=\d)/, '');

async function assertUnderstood(columns: readonly string[], line: string): Promise<void> {
  const { rejects } = await readOverrides(bytesOf(writeCsvRows([columns]) + line));
  const [reject] = rejects;
  if (reject)
    throw new ValidationError('OVERRIDE_INVALID', `This override can not be used: ${reject.reason}.`);
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
