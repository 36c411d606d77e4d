import * as v from 'valibot';
import { type Classification, classifications, type MatchStatus, matchStatuses } from './classification.ts';
import { writeCsvRows } from './csv.ts';
import { day, integer, nullable, requiredInteger, text } from './fields.ts';
import { type Named, namedList, writeNamedList } from './named-list.ts';
import {
  type LibraryBatch,
  RawFields,
  type RawRow,
  rawColumns,
  rawValues,
  readLibrary,
  toRawRow,
} from './raw-library.ts';

/** `enriched/…csv`: the raw library with what IGDB knows of each app. */

/** In the order in which they are written. */
export const enrichedColumns = [
  ...rawColumns,
  'igdb_id',
  'igdb_slug',
  'igdb_name',
  'summary',
  'release_date',
  'cover_url',
  'genres',
  'platforms',
  'classification',
  'match_status',
  'classification_source',
  'match_method',
  'match_confidence',
  'match_reason',
  'rejected_igdb_ids',
  'cover_image_id',
  'game_type',
  'parent_igdb_id',
  'version_parent_igdb_id',
  'igdb_updated_at',
] as const;

/** What IGDB knows of a matched app; `EnrichedRow.game` is null for every other app. */
export type EnrichedGame = {
  igdbId: number;
  slug: string | null;
  name: string;
  summary: string | null;
  /** YYYY-MM-DD */
  releaseDate: string | null;
  coverImageId: string | null;
  genres: readonly Named[];
  platforms: readonly Named[];
  /** IGDB's `game_type`: 0 main_game … 14 update. */
  gameType: number | null;
  parentGameId: number | null;
  versionParentId: number | null;
  /** Unix seconds of IGDB's last change. */
  updatedAt: number | null;
};

export type EnrichedRow = RawRow & {
  classification: Classification;
  classificationSource: string | null;
  matchStatus: MatchStatus;
  matchMethod: string | null;
  /** 0 to 1 */
  matchConfidence: number | null;
  matchReason: string | null;
  rejectedIgdbIds: readonly number[];
  game: EnrichedGame | null;
};

/** 264×374; IGDB serves other sizes of the same `imageId`. */
export const coverUrl = (imageId: string): string =>
  `https://images.igdb.com/igdb/image/upload/t_cover_big/${imageId}.jpg`;
const imageIdOfUrl = (url: string): string | null => /\/([A-Za-z0-9_]+)\.\w+$/.exec(url)?.[1] ?? null;

const oneOf = <const Options extends readonly string[]>(options: Options) =>
  nullable(v.pipe(v.string(), v.trim(), v.picklist(options, `is none of ${options.join(', ')}`)));
const integerList = v.pipe(
  nullable(
    v.pipe(v.string(), v.trim(), v.regex(/^\d{1,9}(\|\d{1,9})*$/, 'is not a list of ids separated by |')),
  ),
  v.transform((list) => (list === null ? [] : list.split('|').map(Number))),
);

const EnrichedFields = v.pipe(
  v.object({
    ...RawFields.entries,
    igdb_id: nullable(v.pipe(requiredInteger, v.minValue(1, 'must be at least 1'))),
    igdb_slug: nullable(text(500)),
    igdb_name: nullable(text(1000)),
    summary: nullable(text(20_000)),
    release_date: nullable(day),
    cover_url: nullable(text(500)),
    genres: namedList,
    platforms: namedList,
    classification: oneOf(classifications),
    match_status: oneOf(matchStatuses),
    classification_source: nullable(text(50)),
    match_method: nullable(text(50)),
    match_confidence: nullable(
      v.pipe(
        v.string(),
        v.trim(),
        v.regex(/^(0(\.\d+)?|1(\.0+)?)$/, 'is not a number from 0 to 1'),
        v.transform(Number),
      ),
    ),
    // An override's note of 500 characters stands behind the reason.
    match_reason: nullable(text(1000)),
    rejected_igdb_ids: integerList,
    cover_image_id: nullable(text(100)),
    game_type: integer,
    parent_igdb_id: integer,
    version_parent_igdb_id: integer,
    igdb_updated_at: integer,
  }),
  v.check(
    ({ match_status, igdb_id }) => match_status !== 'MATCHED' || igdb_id !== null,
    'match_status is MATCHED but igdb_id is empty',
  ),
);

function toEnrichedRow(fields: v.InferOutput<typeof EnrichedFields>): EnrichedRow {
  const raw = toRawRow(fields);
  const classification = fields.classification ?? 'game';
  return {
    ...raw,
    classification,
    classificationSource: fields.classification_source,
    matchStatus: matchStatusOf(fields.match_status, classification, fields.igdb_id),
    matchMethod: fields.match_method,
    matchConfidence: fields.match_confidence,
    matchReason: fields.match_reason,
    rejectedIgdbIds: fields.rejected_igdb_ids,
    game: gameOf(fields, classification, raw.name),
  };
}

/** What is not a game is IGNORED, whatever a dropped file says; a status left out follows from the rest. */
function matchStatusOf(
  given: MatchStatus | null,
  classification: Classification,
  igdbId: number | null,
): MatchStatus {
  if (classification !== 'game') return 'IGNORED';
  return given ?? (igdbId === null ? 'PENDING' : 'MATCHED');
}

function gameOf(
  fields: v.InferOutput<typeof EnrichedFields>,
  classification: Classification,
  steamName: string,
): EnrichedGame | null {
  if (
    fields.igdb_id === null ||
    matchStatusOf(fields.match_status, classification, fields.igdb_id) !== 'MATCHED'
  )
    return null;
  return {
    igdbId: fields.igdb_id,
    slug: fields.igdb_slug,
    name: fields.igdb_name ?? steamName,
    summary: fields.summary,
    releaseDate: fields.release_date,
    coverImageId:
      fields.cover_image_id ?? (fields.cover_url === null ? null : imageIdOfUrl(fields.cover_url)),
    genres: fields.genres,
    platforms: fields.platforms,
    gameType: fields.game_type,
    parentGameId: fields.parent_igdb_id,
    versionParentId: fields.version_parent_igdb_id,
    updatedAt: fields.igdb_updated_at,
  };
}

const enrichedValues = (row: EnrichedRow): (string | number | null)[] => [
  ...rawValues(row),
  row.game?.igdbId ?? null,
  row.game?.slug ?? null,
  row.game?.name ?? null,
  row.game?.summary ?? null,
  row.game?.releaseDate ?? null,
  row.game?.coverImageId ? coverUrl(row.game.coverImageId) : null,
  writeNamedList(row.game?.genres ?? []),
  writeNamedList(row.game?.platforms ?? []),
  row.classification,
  row.matchStatus,
  row.classificationSource,
  row.matchMethod,
  row.matchConfidence,
  row.matchReason,
  row.rejectedIgdbIds.join('|'),
  row.game?.coverImageId ?? null,
  row.game?.gameType ?? null,
  row.game?.parentGameId ?? null,
  row.game?.versionParentId ?? null,
  row.game?.updatedAt ?? null,
];

export const enrichedHeader = writeCsvRows([enrichedColumns]);
/** Lines for an enriched file, without its header. */
export const writeEnrichedRows = (rows: readonly EnrichedRow[]): string =>
  writeCsvRows(rows.map(enrichedValues));

/**
 * The rows of an enriched library file in batches, with the rows that were refused. Only `appid` is required.
 * @throws ValidationError CSV_…: the file is unusable.
 */
export function readEnrichedLibrary(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<LibraryBatch<EnrichedRow>> {
  return readLibrary(chunks, { known: enrichedColumns, required: ['appid'] }, EnrichedFields, toEnrichedRow);
}
