import * as v from 'valibot';
import { type Cell, id, integer, line } from './cells.ts';
import { columnsOf, type PartOf, readPart } from './columns.ts';
import { type Reject, readCsv, writeCsvRows } from './csv.ts';

/** `raw/…csv`: a library as Steam lists it. */

/** Steam opened in 2003; earlier times are bogus, and 0 means never. */
const earliestPlay = Date.UTC(2004, 0, 1) / 1000;
const plausible = v.transform((unixSeconds: number | null) =>
  unixSeconds !== null && unixSeconds >= earliestPlay ? unixSeconds : null,
);
const lastPlayed: Cell<number | null> = {
  ...integer,
  fromText: v.pipe(integer.fromText, plausible),
  fromJson: v.pipe(integer.fromJson, plausible),
};

const app = columnsOf('app');

/** Named as Steam's own fields, in the order in which they are written. Playtimes are minutes. */
export const rawColumns = [
  app('appId', 'appid', id, "Steam's number of the app; the one column that a file must have"),
  app('name', 'name', line(1000), "Steam's name of the app"),
  app('playtimeMinutes', 'playtime_forever', integer, 'minutes played in all'),
  app('iconHash', 'img_icon_url', line(200), "hash of the app's icon"),
  app('lastPlayedAt', 'rtime_last_played', lastPlayed, 'Unix seconds; 0 or before 2004: not told'),
  app('playtime2WeeksMinutes', 'playtime_2weeks', integer, 'minutes played in the last two weeks'),
  app('playtimeWindowsMinutes', 'playtime_windows_forever', integer, 'of them on Windows'),
  app('playtimeMacMinutes', 'playtime_mac_forever', integer, 'of them on macOS'),
  app('playtimeLinuxMinutes', 'playtime_linux_forever', integer, 'of them on Linux'),
  app('playtimeDeckMinutes', 'playtime_deck_forever', integer, 'of them on a Steam Deck'),
  app('playtimeDisconnectedMinutes', 'playtime_disconnected', integer, 'of them offline'),
] as const;

/** One app of a library. Null is what nobody told, which overwrites nothing; 0 minutes are told. */
export type RawRow = PartOf<typeof rawColumns, 'app'>;

/** What an app is called that nobody named; it is no name, and so it is not told. */
export const placeholderName = (appId: number): string => `App ${appId}`;

/** @param row as it was read. */
export const withoutPlaceholder = <Row extends RawRow>(row: Row): Row =>
  row.name === placeholderName(row.appId) ? { ...row, name: null } : row;

export const writeRawLibrary = (rows: readonly RawRow[]): string =>
  writeCsvRows([
    rawColumns.map(({ name }) => name),
    ...rows.map((row) =>
      rawColumns.map(({ property, cell }) => (cell as Cell<unknown>).write(row[property])),
    ),
  ]);

/**
 * The rows of a raw library file in batches, with the rows that were refused. Only `appid` is required.
 * @throws ValidationError CSV_…: the file is unusable.
 */
export function readRawLibrary(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LibraryBatch<RawRow>> {
  return readLibrary(chunks, rawColumns, (values) => {
    const read = readPart(rawColumns, 'app', values);
    return 'fault' in read ? read : { row: withoutPlaceholder(read.part) };
  });
}

export type LibraryBatch<Row> = { rows: Row[]; rejects: Reject[] };
/** A row, or what is wrong with it. */
export type ReadRow<Row> = { row: Row } | { fault: string };

/** Rows of any library file; a second row of the same app is refused. @param values by column name. */
export async function* readLibrary<Row extends { appId: number }>(
  chunks: AsyncIterable<Uint8Array>,
  columns: readonly { name: string }[],
  readRow: (values: Readonly<Record<string, string>>) => ReadRow<Row>,
): AsyncGenerator<LibraryBatch<Row>> {
  const lineOfApp = new Map<number, number>();
  const known = columns.map(({ name }) => name);
  for await (const { records, rejects } of readCsv(chunks, { known, required: ['appid'] })) {
    const rows: Row[] = [];
    for (const { line: lineNumber, values } of records) {
      const read = readRow(values);
      const firstLine = 'row' in read ? lineOfApp.get(read.row.appId) : undefined;
      if ('row' in read && firstLine === undefined) {
        lineOfApp.set(read.row.appId, lineNumber);
        rows.push(read.row);
      } else {
        const reason =
          'fault' in read ? read.fault : `appid ${read.row.appId} already stands in line ${firstLine}`;
        rejects.push({ line: lineNumber, reason, record: recordOf(values) });
      }
    }
    rejects.sort((a, b) => a.line - b.line);
    if (rows.length > 0 || rejects.length > 0) yield { rows, rejects };
  }
}

/** Enough of a bad row to recognise it. */
export const recordOf = (values: Readonly<Record<string, string>>): string =>
  Object.values(values).join(',').slice(0, 500).toWellFormed();
