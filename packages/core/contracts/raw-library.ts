import * as v from 'valibot';
import { type CsvColumns, type Reject, readCsv, writeCsvRows } from './csv.ts';
import { describeIssue, integer, nullable, requiredInteger, text } from './fields.ts';

/** `raw/…csv`: a library as Steam lists it. */

/** In the order in which they are written. */
export const rawColumns = [
  'appid',
  'name',
  'playtime_forever',
  'img_icon_url',
  'rtime_last_played',
  'playtime_2weeks',
  'playtime_windows_forever',
  'playtime_mac_forever',
  'playtime_linux_forever',
  'playtime_deck_forever',
  'playtime_disconnected',
] as const;

/** Steam opened in 2003; earlier times in `rtime_last_played` are bogus, and 0 means never. */
const earliestPlay = Date.UTC(2004, 0, 1) / 1000;

export const RawFields = v.object({
  appid: v.pipe(requiredInteger, v.minValue(1, 'must be at least 1')),
  name: nullable(text(1000)),
  playtime_forever: integer,
  img_icon_url: nullable(text(200)),
  rtime_last_played: integer,
  playtime_2weeks: integer,
  playtime_windows_forever: integer,
  playtime_mac_forever: integer,
  playtime_linux_forever: integer,
  playtime_deck_forever: integer,
  playtime_disconnected: integer,
});

/** One app of a library. Playtimes are minutes; null where Steam said nothing. */
export type RawRow = {
  appId: number;
  name: string;
  playtimeMinutes: number;
  iconHash: string | null;
  /** Unix seconds; null when never played. */
  lastPlayedAt: number | null;
  playtime2WeeksMinutes: number | null;
  playtimeWindowsMinutes: number | null;
  playtimeMacMinutes: number | null;
  playtimeLinuxMinutes: number | null;
  playtimeDeckMinutes: number | null;
  playtimeDisconnectedMinutes: number | null;
};

export const toRawRow = (fields: v.InferOutput<typeof RawFields>): RawRow => ({
  appId: fields.appid,
  name: fields.name ?? `App ${fields.appid}`,
  playtimeMinutes: fields.playtime_forever ?? 0,
  iconHash: fields.img_icon_url,
  lastPlayedAt: plausibleLastPlayed(fields.rtime_last_played),
  playtime2WeeksMinutes: fields.playtime_2weeks,
  playtimeWindowsMinutes: fields.playtime_windows_forever,
  playtimeMacMinutes: fields.playtime_mac_forever,
  playtimeLinuxMinutes: fields.playtime_linux_forever,
  playtimeDeckMinutes: fields.playtime_deck_forever,
  playtimeDisconnectedMinutes: fields.playtime_disconnected,
});

/** @param unixSeconds Steam's `rtime_last_played`. */
export const plausibleLastPlayed = (unixSeconds: number | null): number | null =>
  unixSeconds !== null && unixSeconds >= earliestPlay ? unixSeconds : null;

/** The row's values in the order of `rawColumns`. */
export const rawValues = (row: RawRow): (string | number | null)[] => [
  row.appId,
  row.name,
  row.playtimeMinutes,
  row.iconHash,
  row.lastPlayedAt,
  row.playtime2WeeksMinutes,
  row.playtimeWindowsMinutes,
  row.playtimeMacMinutes,
  row.playtimeLinuxMinutes,
  row.playtimeDeckMinutes,
  row.playtimeDisconnectedMinutes,
];

export function writeRawLibrary(rows: readonly RawRow[]): string {
  return writeCsvRows([rawColumns, ...rows.map(rawValues)]);
}

/**
 * The rows of a raw library file in batches, with the rows that were refused. Only `appid` is required.
 * @throws ValidationError CSV_…: the file is unusable.
 */
export function readRawLibrary(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<LibraryBatch<RawRow>> {
  return readLibrary(chunks, { known: rawColumns, required: ['appid'] }, RawFields, toRawRow);
}

export type LibraryBatch<Row> = { rows: Row[]; rejects: Reject[] };

/** Rows of any library file: each is parsed by `schema`; a second row of the same app is refused. */
export async function* readLibrary<Fields, Row extends { appId: number }>(
  chunks: AsyncIterable<Uint8Array>,
  columns: CsvColumns,
  schema: v.GenericSchema<unknown, Fields>,
  toRow: (fields: Fields) => Row,
): AsyncGenerator<LibraryBatch<Row>> {
  const lineOfApp = new Map<number, number>();
  for await (const { records, rejects } of readCsv(chunks, columns)) {
    const rows: Row[] = [];
    for (const { line, values } of records) {
      const refuse = (reason: string) =>
        rejects.push({ line, reason, record: Object.values(values).join(',').slice(0, 500).toWellFormed() });
      const fields = v.safeParse(schema, values, { abortEarly: true });
      if (!fields.success) {
        refuse(describeIssue(fields.issues));
        continue;
      }
      const row = toRow(fields.output);
      const firstLine = lineOfApp.get(row.appId);
      if (firstLine === undefined) {
        lineOfApp.set(row.appId, line);
        rows.push(row);
      } else refuse(`appid ${row.appId} already stands in line ${firstLine}`);
    }
    rejects.sort((a, b) => a.line - b.line);
    if (rows.length > 0 || rejects.length > 0) yield { rows, rejects };
  }
}
