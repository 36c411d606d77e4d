import * as v from 'valibot';
import {
  type Cell,
  day,
  idList,
  integer,
  line,
  nullable,
  oneOf,
  optionalId,
  percent,
  prose,
  share,
  wordList,
} from './cells.ts';
import { type Classification, classifications, type MatchStatus, matchStatuses } from './classification.ts';
import { type AnyColumn, columnsOf, partFromJson, type PartOf, readPart } from './columns.ts';
import { writeCsvRows } from './csv.ts';
import { namedList } from './named-list.ts';
import { type LibraryBatch, type ReadRow, readLibrary } from './library-reader.ts';
import { firstRawColumns, laterRawColumns, withoutPlaceholder } from './raw-library.ts';
import { addressList, nameList } from './text-list.ts';
import { coverUrl } from './igdb-images.ts';

/** `enriched/…csv`: the raw library with what IGDB knows of each app. */

const imageId = v.nullable(v.pipe(v.string(), v.regex(/^\w{1,100}$/)));
/** The id of the image; the file holds its address. */
const cover: Cell<string | null> = {
  fromText: v.pipe(
    nullable(v.string()),
    v.transform((url) => (url === null ? null : (/\/(\w{1,100})\.\w+$/.exec(url.trim())?.[1] ?? null))),
  ),
  fromJson: v.fallback(v.nullish(imageId, null), null),
  write: (image) => (image === null ? null : coverUrl(image)),
};

const app = columnsOf('app');
const game = columnsOf('game');

export const deckCompatibilities = ['verified', 'playable', 'unsupported', 'unknown'] as const;
export const releaseStates = ['released', 'early_access', 'coming_soon'] as const;
const storeImage = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^https:\/\/[\x21-\x7e]{1,500}$/, 'is not the address of an image'),
);
const image: Cell<string | null> = {
  fromText: nullable(storeImage),
  fromJson: v.fallback(v.nullish(storeImage, null), null),
  write: (address) => address,
};

/** What Steam's store tells of an app beside its type. */
export const storeColumns = [
  app('deckCompatibility', 'deck_compatibility', oneOf(deckCompatibilities), 'how it runs on a Steam Deck'),
  app('reviewPercent', 'review_percent', percent, 'of all reviews on Steam that are positive, from 0 to 100'),
  app('reviewCount', 'review_count', integer, 'of all reviews on Steam'),
  app('releaseState', 'release_state', oneOf(releaseStates), 'whether the store sells it yet'),
  app('headerImageUrl', 'header_image_url', image, "address of the image above its page in Steam's store"),
] as const;
export type StoreFacts = PartOf<typeof storeColumns, 'app'>;
/** @param tell a property's value; undefined where it is not told. */
export const storeFactsOf = (tell: (property: keyof StoreFacts) => unknown): StoreFacts =>
  partFromJson(storeColumns, 'app', ({ property }) => tell(property))!;
export const untoldStoreFacts = storeFactsOf(() => undefined);

/** In the order in which they are written: new ones go to the end. */
export const enrichedColumns = [
  ...firstRawColumns,
  game('igdbId', 'igdb_id', optionalId, "IGDB's id of the game that the app is"),
  game('slug', 'igdb_slug', line(500), "the last part of the game's address at IGDB"),
  game('name', 'igdb_name', line(1000), "IGDB's name of the game"),
  game('summary', 'summary', prose(20_000), 'what the game is about'),
  game('releaseDate', 'release_date', day, 'first release, `YYYY-MM-DD`'),
  game('coverImageId', 'cover_url', cover, 'address of the cover, 264 by 374'),
  game('genres', 'genres', namedList, 'ids and names: `5:Shooter|31:Adventure`'),
  game('platforms', 'platforms', namedList, 'ids and names'),
  app('classification', 'classification', oneOf(classifications), 'what the app is'),
  app('matchStatus', 'match_status', oneOf(matchStatuses), 'whether its game was found'),
  app('classificationSource', 'classification_source', line(50), 'who said what the app is'),
  app('matchMethod', 'match_method', line(50), 'how the game was found'),
  app('matchConfidence', 'match_confidence', share, 'from 0 to 1'),
  // An override's note of 500 characters stands behind the reason.
  app('matchReason', 'match_reason', line(1000), 'why this game, or none'),
  app('rejectedIgdbIds', 'rejected_igdb_ids', idList, 'candidates that were not taken: `12|345`'),
  game('gameType', 'game_type', integer, "IGDB's `game_type`: 0 main_game … 14 update"),
  game('parentGameId', 'parent_igdb_id', optionalId, 'the game that this one adds to'),
  game('versionParentId', 'version_parent_igdb_id', optionalId, 'the game that this one is an edition of'),
  game('updatedAt', 'igdb_updated_at', integer, "Unix seconds of IGDB's last change"),
  app('learntAt', 'learnt_at', integer, 'Unix seconds when Steam or IGDB was last asked about the app'),
  app('silentSources', 'silent_sources', wordList, 'who was asked about the app and did not answer'),
  game('rating', 'rating', percent, "how IGDB's users and critics rate the game, from 0 to 100"),
  game('ratingCount', 'rating_count', integer, 'of such ratings'),
  game('criticRating', 'critic_rating', percent, 'how critics alone rate it, from 0 to 100'),
  game('themes', 'themes', nameList, 'names: `Action|Open world`'),
  game('gameModes', 'game_modes', nameList, 'names: `Single player|Co-operative`'),
  game('playerPerspectives', 'player_perspectives', nameList, 'names: `First person`'),
  game('developers', 'developers', nameList, 'names of companies'),
  game('publishers', 'publishers', nameList, 'names of companies'),
  game('series', 'series', nameList, 'names of the series and franchises that the game belongs to'),
  game('websites', 'websites', addressList, 'addresses of pages about the game'),
  game(
    'timeToBeatHastilySeconds',
    'time_to_beat_hastily_seconds',
    integer,
    'to the end of the story, in a hurry',
  ),
  game('timeToBeatNormallySeconds', 'time_to_beat_normally_seconds', integer, 'to the end, with some extras'),
  game('timeToBeatCompletelySeconds', 'time_to_beat_completely_seconds', integer, 'to the end of everything'),
  ...storeColumns,
  ...laterRawColumns,
  app(
    'candidates',
    'candidates',
    namedList,
    'ids and names of the games that were not taken: `12:Doom|345:Doom II`',
  ),
] as const;

/** What IGDB knows of a matched app; `EnrichedRow.game` is null for every other app. */
export type EnrichedGame = PartOf<typeof enrichedColumns, 'game'> & { igdbId: number };

/** Null is what nobody told. `learntAt` is null in files of before, which were learnt at the import's time. */
export type EnrichedRow = PartOf<typeof enrichedColumns, 'app'> & {
  matchStatus: MatchStatus;
  game: EnrichedGame | null;
};

function readRow(values: Readonly<Record<string, string>>): ReadRow<EnrichedRow> {
  const read = readPart(enrichedColumns, 'app', values);
  if ('fault' in read) return read;
  const match = readPart(enrichedColumns, 'game', values);
  if ('fault' in match) return match;
  const told = withoutPlaceholder(read.part);
  const { igdbId } = match.part;
  const unread = [...read.unread, ...match.unread];
  // Half a match is none: a row that names no game, or does not say for sure that it is one, leaves the match untold.
  const lacksGame = told.matchStatus === 'MATCHED' && igdbId === null;
  if (lacksGame && !unread.includes('igdb_id')) unread.push('igdb_id');
  const isUntold = unread.includes('igdb_id') || unread.includes('match_status');
  const matchStatus = isUntold
    ? matchStatusOf('PENDING', told.classification ?? 'game', false)
    : matchStatusOf(told.matchStatus, told.classification ?? 'game', igdbId !== null);
  const game = igdbId !== null && matchStatus === 'MATCHED' ? { ...match.part, igdbId } : null;
  return { row: { ...told, matchStatus, game }, unread };
}

/** What is not a game is IGNORED, whatever a dropped file says; a status left out follows from the rest. */
function matchStatusOf(
  told: MatchStatus | null,
  classification: Classification,
  hasGame: boolean,
): MatchStatus {
  if (classification !== 'game') return 'IGNORED';
  return told ?? (hasGame ? 'MATCHED' : 'PENDING');
}

export const enrichedHeader = writeCsvRows([enrichedColumns.map(({ name }) => name)]);

/** Lines for an enriched file, without its header. */
export const writeEnrichedRows = (rows: readonly EnrichedRow[]): string =>
  writeCsvRows(rows.map((row) => enrichedColumns.map((column) => writeCell(column, row))));

function writeCell({ part, property, cell }: AnyColumn, row: EnrichedRow): string | number | null {
  const object: object | null = part === 'game' ? row.game : row;
  return object === null ? null : cell.write((object as Record<string, unknown>)[property]);
}

/**
 * The rows of an enriched library file in batches, with the rows that were refused. Only `appid` is required.
 * @throws ValidationError CSV_…: the file is unusable.
 */
export const readEnrichedLibrary = (
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<LibraryBatch<EnrichedRow>> => readLibrary(chunks, enrichedColumns, readRow);
