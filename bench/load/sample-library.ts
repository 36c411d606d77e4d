import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';

export const sampleSteamId = '76561197960287930';

const genreCount = 23;
const platformCount = 200;

/** A repeatable random number from 0 to 1 for each seed. */
function random(seed: number): number {
  const x = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d);
  const y = Math.imul(x ^ (x >>> 12), 0x297a2d39);
  return ((y ^ (y >>> 15)) >>> 0) / 2 ** 32;
}
const pick = (seed: number, count: number, of: number): number[] => [
  ...new Set(Array.from({ length: count }, (_, index) => 1 + Math.floor(random(seed * 31 + index) * of))),
];

/** 85 % matched, 2.5 genres and 3 platforms a game, summaries of 300 characters, as IGDB has them on average. */
export function sampleLibrary(rowCount: number): EnrichedRow[] {
  return Array.from({ length: rowCount }, (_, index) => sampleRow(index + 1));
}

function sampleRow(index: number): EnrichedRow {
  const appId = index * 10;
  const name = `The Adventures of Player ${index}: Director's Cut`;
  const matched = random(index) < 0.85;
  const playtimeMinutes = Math.floor(random(index + 7) * 5000);
  return {
    appId,
    name,
    playtimeMinutes,
    iconHash: appId.toString(16).padStart(40, '0'),
    lastPlayedAt: playtimeMinutes > 0 ? 1_500_000_000 + index * 100 : null,
    playtime2WeeksMinutes: null,
    playtimeWindowsMinutes: playtimeMinutes,
    playtimeMacMinutes: 0,
    playtimeLinuxMinutes: 0,
    playtimeDeckMinutes: 0,
    playtimeDisconnectedMinutes: 0,
    classification: 'game',
    classificationSource: 'steam-store',
    matchStatus: matched ? 'MATCHED' : 'UNMATCHED',
    matchMethod: matched ? 'steam-uid' : null,
    matchConfidence: matched ? 1 : null,
    matchReason: matched ? 'IGDB lists this Steam app' : 'no candidate',
    rejectedIgdbIds: [],
    learntAt: null,
    silentSources: [],
    game: matched ? sampleGame(index, name) : null,
  };
}

function sampleGame(index: number, name: string): EnrichedRow['game'] {
  return {
    igdbId: index * 3,
    slug: `the-adventures-of-player-${index}`,
    name,
    summary: `“${name}” is a game in which ${'the hero walks on, and on, through the valley; '.repeat(5)}`,
    releaseDate: new Date(Date.UTC(1990, 0, 1 + (index % 12_000))).toISOString().slice(0, 10),
    coverImageId: `co${index.toString(36)}`,
    genres: pick(index, 2 + (index % 2), genreCount).map((id) => ({ id, name: `Genre ${id}` })),
    platforms: pick(index + 1, 3, platformCount).map((id) => ({ id, name: `Platform ${id}` })),
    gameType: 0,
    parentGameId: null,
    versionParentId: null,
    updatedAt: 1_700_000_000 + index,
  };
}
