import type { EnrichedGame, EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import type { RawRow } from '@savepoint/core/contracts/raw-library.ts';

/** A row of which Steam said little; `more` overrides. */
export const rawRow = (more: Partial<RawRow> & { appId: number }): RawRow => ({
  name: `Game ${more.appId}`,
  playtimeMinutes: 0,
  iconHash: null,
  lastPlayedAt: null,
  playtime2WeeksMinutes: null,
  playtimeWindowsMinutes: null,
  playtimeMacMinutes: null,
  playtimeLinuxMinutes: null,
  playtimeDeckMinutes: null,
  playtimeDisconnectedMinutes: null,
  ...more,
});

export const enrichedGame = (more: Partial<EnrichedGame> = {}): EnrichedGame => ({
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
  ...more,
});

/** A matched game; `more` overrides. */
export const enrichedRow = (more: Partial<EnrichedRow> & { appId: number }): EnrichedRow => ({
  ...rawRow(more),
  classification: 'game',
  classificationSource: 'steam',
  matchStatus: 'MATCHED',
  matchMethod: 'uid',
  matchConfidence: 0.95,
  matchReason: 'its only candidate',
  rejectedIgdbIds: [4, 5],
  learntAt: null,
  silentSources: [],
  game: enrichedGame(),
  ...more,
});
