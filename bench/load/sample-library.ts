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

const sampleThemes = ['Action', 'Fantasy', 'Horror', 'Science fiction', 'Survival', 'Open world', 'Comedy'];
const sampleModes = ['Single player', 'Multiplayer', 'Co-operative'];
const samplePerspectives = ['First person', 'Third person', 'Side view', 'Bird view / Isometric'];
const from = (seed: number, count: number, names: readonly string[]): string[] =>
  pick(seed, count, names.length).map((index) => names[index - 1]!);

/**
 * 85 % matched, 2.5 genres and 3 platforms a game, summaries of 300 characters, as IGDB has them on average; two thirds
 * rated, with two companies and three websites.
 */
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
    candidates: null,
    learntAt: null,
    silentSources: [],
    contentDescriptors: index % 4 === 0 ? [2, 5] : null,
    deckCompatibility: (['verified', 'playable', 'unsupported', 'unknown'] as const)[index % 4]!,
    reviewPercent: Math.floor(40 + 60 * random(index + 11)),
    reviewCount: Math.floor(10 ** (1 + 4 * random(index + 13))),
    releaseState: 'released',
    headerImageUrl: `https://shared.akamai.steamstatic.com/store_item_assets/steam/apps/${appId}/header.jpg`,
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
    ...sampleDetails(index),
  };
}

function sampleDetails(index: number) {
  const isRated = index % 3 !== 0;
  const company = (seed: number) => `Studio ${Math.floor(5000 * random(seed))} Interactive`;
  return {
    rating: isRated ? Math.round(100 * (50 + 50 * random(index + 17))) / 100 : null,
    ratingCount: isRated ? 1 + Math.floor(2000 * random(index + 19) ** 4) : null,
    criticRating: index % 5 === 0 ? Math.round(60 + 40 * random(index + 23)) : null,
    themes: from(index + 2, 2, sampleThemes),
    gameModes: from(index + 3, 1 + (index % 2), sampleModes),
    playerPerspectives: from(index + 4, 1, samplePerspectives),
    developers: [company(index)],
    publishers: [company(index + 29)],
    series: index % 4 === 0 ? [`The Adventures of Players ${index >> 4}`] : null,
    websites: [
      'https://adventures.example',
      'https://store.steampowered.com/app',
      'https://www.twitch.tv',
    ].map((address) => `${address}/${index}`),
    timeToBeatHastilySeconds: isRated ? 3600 * (2 + (index % 40)) : null,
    timeToBeatNormallySeconds: isRated ? 3600 * (3 + (index % 60)) : null,
    timeToBeatCompletelySeconds: isRated ? 3600 * (5 + (index % 90)) : null,
  };
}
