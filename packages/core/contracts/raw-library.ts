import * as v from 'valibot';
import { readDate } from './cell-date.ts';
import { maxInteger, readWhole } from './cell-text.ts';
import { type Cell, id, integer, line, minutes, nullable, optionalIdList, readable } from './cells.ts';
import { columnsOf, type PartOf, readPart } from './columns.ts';
import { writeCsvRows } from './csv.ts';
import { type LibraryBatch, readLibrary } from './library-reader.ts';

/** `raw/…csv`: a library as Steam lists it. */

/** Steam opened in 2003; earlier times are bogus, and 0 means never. */
const earliestPlay = Date.UTC(2004, 0, 1) / 1000;
const plausible = v.transform((unixSeconds: number | null) =>
  unixSeconds !== null && unixSeconds >= earliestPlay ? unixSeconds : null,
);
/** Unix seconds, or milliseconds where the number can be nothing else, or a date. */
function readMoment(text: string): number | undefined {
  const seconds = /^\s*\d{13}\s*$/.test(text) ? Math.floor(Number(text) / 1000) : readWhole(text);
  const moment = seconds ?? (/^\s*never\s*$/i.test(text) ? 0 : readDate(text)?.unixSeconds);
  return moment !== undefined && moment <= maxInteger ? moment : undefined;
}
const lastPlayed: Cell<number | null> = {
  ...integer,
  fromText: v.pipe(nullable(readable(readMoment, 'is neither Unix seconds nor a date')), plausible),
  fromJson: v.pipe(integer.fromJson, plausible),
};

const app = columnsOf('app');

/**
 * Named as Steam's own fields, in the order in which they are written. Playtimes are minutes. A name that means minutes
 * to one tool and hours to another (`playtime`) is nobody's alias.
 */
export const firstRawColumns = [
  app('appId', 'appid', id, "Steam's number of the app; the one column that a file must have", {
    same: ['steam appid', 'steam app', 'steam app number', 'application id'],
    weak: ['id'],
  }),
  app('name', 'name', line(1000), "Steam's name of the app", {
    same: ['title', 'game name', 'game title', 'app name', 'app title'],
    weak: ['game'],
  }),
  app('playtimeMinutes', 'playtime_forever', minutes, 'minutes played in all', {
    same: [
      'playtime minutes',
      'playtime min',
      'minutes',
      'minutes played',
      'played minutes',
      'total minutes',
    ],
    inHours: [
      'hours',
      'hours played',
      'played hours',
      'total hours',
      'hours total',
      'playtime hours',
      'playtime h',
      'hours forever',
      'hours on record',
      'playtime forever hours',
    ],
  }),
  app('iconHash', 'img_icon_url', line(200), "hash of the app's icon"),
  app(
    'lastPlayedAt',
    'rtime_last_played',
    lastPlayed,
    'Unix seconds, or a date; 0 or before 2004: not told',
    {
      same: ['last played', 'last played at', 'last played date', 'last played on', 'last time played'],
    },
  ),
  app('playtime2WeeksMinutes', 'playtime_2weeks', minutes, 'minutes played in the last two weeks', {
    same: ['minutes 2 weeks', 'minutes last 2 weeks', 'playtime 2 weeks minutes'],
    inHours: ['hours 2 weeks', 'hours last 2 weeks', 'playtime 2 weeks hours'],
  }),
  app('playtimeWindowsMinutes', 'playtime_windows_forever', minutes, 'of them on Windows'),
  app('playtimeMacMinutes', 'playtime_mac_forever', minutes, 'of them on macOS'),
  app('playtimeLinuxMinutes', 'playtime_linux_forever', minutes, 'of them on Linux'),
  app('playtimeDeckMinutes', 'playtime_deck_forever', minutes, 'of them on a Steam Deck'),
  app('playtimeDisconnectedMinutes', 'playtime_disconnected', minutes, 'of them offline'),
] as const;

/** Came later: in an enriched file they stand behind the columns that were there before. */
export const laterRawColumns = [
  app(
    'contentDescriptors',
    'content_descriptorids',
    optionalIdList,
    "Steam's content descriptors: `2|5`, `0` for none; 1 some nudity or sexual content, 2 frequent violence or gore, 3 adult only sexual content, 4 frequent nudity or sexual content, 5 general mature content",
  ),
] as const;

export const rawColumns = [...firstRawColumns, ...laterRawColumns] as const;

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
    return 'fault' in read ? read : { row: withoutPlaceholder(read.part), unread: read.unread };
  });
}
