import { type AnyColumn, partFromJson, type PartOf, readPart } from '@savepoint/core/contracts/columns.ts';
import {
  type EnrichedGame,
  type EnrichedRow,
  enrichedColumns,
} from '@savepoint/core/contracts/enriched-library.ts';
import { type RawRow, rawColumns } from '@savepoint/core/contracts/raw-library.ts';

/** What a file says that has this app alone: nothing. */
function untold<Columns extends readonly AnyColumn[]>(
  columns: Columns,
  appId: number,
): PartOf<Columns, 'app'> {
  const read = readPart(columns, 'app', { appid: String(appId) });
  if ('fault' in read) throw new RangeError(read.fault);
  return read.part;
}

/** A row of which Steam said little; `more` overrides. */
export const rawRow = (more: Partial<RawRow> & { appId: number }): RawRow => ({
  ...untold(rawColumns, more.appId),
  name: `Game ${more.appId}`,
  playtimeMinutes: 0,
  ...more,
});

/** An app of which nobody said anything; `more` overrides. */
export const untoldRow = (more: Partial<EnrichedRow> & { appId: number }): EnrichedRow => ({
  ...untold(enrichedColumns, more.appId),
  matchStatus: 'PENDING',
  game: null,
  ...more,
});

/** A game of which IGDB tells nothing. */
export const untoldGame = partFromJson(enrichedColumns, 'game', () => undefined)!;

export const enrichedGame = (more: Partial<EnrichedGame> = {}): EnrichedGame => ({
  ...untoldGame,
  igdbId: 2963,
  slug: 'dota-2',
  name: 'Dota 2',
  summary: 'Two teams,\n"one" map.',
  releaseDate: '2013-07-09',
  coverImageId: 'co6ene',
  genres: [
    { id: 15, name: 'Strategy' },
    { id: 36, name: 'MOBA' },
  ],
  platforms: [{ id: 6, name: 'PC (Microsoft Windows)' }],
  gameType: 0,
  parentGameId: 1,
  versionParentId: 2,
  updatedAt: 1_700_000_000,
  rating: 84.25,
  ratingCount: 1234,
  criticRating: 90,
  themes: ['Action', 'Fantasy'],
  gameModes: ['Multiplayer'],
  playerPerspectives: ['Bird view / Isometric'],
  developers: ['Valve'],
  publishers: ['Valve', 'Nexon, "KR"'],
  series: ['Dota'],
  websites: ['https://www.dota2.com/?l=english'],
  timeToBeatNormallySeconds: 360_000,
  ...more,
});

/** A matched game; `more` overrides. */
export const enrichedRow = (more: Partial<EnrichedRow> & { appId: number }): EnrichedRow =>
  untoldRow({
    name: `Game ${more.appId}`,
    playtimeMinutes: 0,
    classification: 'game',
    classificationSource: 'steam',
    matchStatus: 'MATCHED',
    matchMethod: 'uid',
    matchConfidence: 0.95,
    matchReason: 'its only candidate',
    rejectedIgdbIds: [4, 5],
    candidates: [
      { id: 4, name: 'Half-Life 2: Episode One' },
      { id: 5, name: 'Half-Life, 2: Demo' },
    ],
    game: enrichedGame(),
    ...more,
  });
