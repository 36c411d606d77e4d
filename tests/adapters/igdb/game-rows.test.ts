import { collect } from '../../support/bytes.ts';
import { readGame } from '@savepoint/adapters/igdb/game-rows.ts';
import {
  enrichedHeader,
  readEnrichedLibrary,
  writeEnrichedRows,
} from '@savepoint/core/contracts/enriched-library.ts';
import { untoldGame, untoldRow } from '../../support/library-rows.ts';

const portal = { id: 71, name: 'Portal', slug: 'portal' };

test.each([
  undefined,
  null,
  7,
  'x',
  [],
  {},
  { id: 71 },
  { name: 'Portal' },
  { ...portal, id: 0 },
  { ...portal, name: ' ' },
])('%j is no game', (row) => {
  expect(readGame(row)).toBeUndefined();
});

test('what a row leaves out is null or empty', () => {
  expect(readGame(portal)).toEqual({ ...untoldGame, igdbId: 71, slug: 'portal', name: 'Portal' });
});

test.each([
  [1_191_974_400, '2007-10-10'],
  [0, '1970-01-01'],
  [-315_619_200, '1960-01-01'],
  [1e15, null],
  [-1e12, null],
  [253_402_300_800, null],
  ['2007', null],
  [null, null],
])('first_release_date %p is %p', (seconds, day) => {
  expect(readGame({ ...portal, first_release_date: seconds })?.releaseDate).toBe(day);
});

test('references are read as bare ids and as objects', () => {
  expect(readGame({ ...portal, parent_game: 7, version_parent: { id: 8, name: 'x' } })).toMatchObject({
    parentGameId: 7,
    versionParentId: 8,
  });
});

test('an odd entry of a list is left out, not the list', () => {
  const genres = [{ id: 5, name: 'Shooter' }, 31, { id: 9 }, null, { id: 12, name: 'RPG' }];
  expect(readGame({ ...portal, genres })?.genres).toEqual([
    { id: 5, name: 'Shooter' },
    { id: 12, name: 'RPG' },
  ]);
});

test('whatever IGDB sends, the enriched file takes the row', async () => {
  const game = readGame({
    id: 2 ** 31 - 1,
    name: `A\u0000 ${'n'.repeat(5000)}`,
    slug: 's'.repeat(5000),
    summary: `Line 1\nLine 2\u0001 \ud800 ${'s'.repeat(50_000)}`,
    first_release_date: 1_191_974_400.5,
    cover: { image_id: '../../etc' },
    genres: [{ id: 5, name: 'Shoo\u0000ter|x' }],
    platforms: 'PC',
    game_type: -1,
    parent_game: 1e20,
    updated_at: 'now',
  });
  expect(game).toBeDefined();
  const lines = writeEnrichedRows([
    untoldRow({ appId: 400, name: 'Portal', matchStatus: 'MATCHED', game: game ?? null }),
  ]);
  async function* file() {
    yield new TextEncoder().encode(enrichedHeader + lines);
  }
  const batches = await collect(readEnrichedLibrary(file()));
  expect(batches.flatMap(({ rejects }) => rejects)).toEqual([]);
  expect(batches.flatMap(({ rows }) => rows)).toMatchObject([
    { game: { igdbId: 2 ** 31 - 1, coverImageId: null, releaseDate: null } },
  ]);
});

test('ratings, companies by what they did, and lists of names', () => {
  const row = {
    ...portal,
    total_rating: 91.234_567,
    total_rating_count: 4321,
    aggregated_rating: 88,
    themes: [{ id: 1, name: 'Action' }, { id: 27 }, 7],
    game_modes: [{ id: 1, name: 'Single player' }],
    player_perspectives: [],
    involved_companies: [
      { id: 1, company: { id: 56, name: 'Valve' }, developer: true, publisher: true },
      { id: 2, company: { id: 1, name: 'Electronic Arts' }, developer: false, publisher: true },
      { id: 3, company: 7, developer: true },
      null,
    ],
    collections: [{ id: 9, name: 'Portal' }],
    franchises: [
      { id: 8, name: 'Half-Life Universe' },
      { id: 9, name: 'Portal' },
    ],
    websites: [{ id: 1, url: 'https://a.example/x|y' }, { id: 2, url: 'javascript:alert(1)' }, 3],
  };
  expect(readGame(row)).toMatchObject({
    rating: 91.23,
    ratingCount: 4321,
    criticRating: 88,
    themes: ['Action'],
    gameModes: ['Single player'],
    playerPerspectives: null,
    developers: ['Valve'],
    publishers: ['Valve', 'Electronic Arts'],
    series: ['Portal', 'Half-Life Universe'],
    websites: ['https://a.example/x%7Cy'],
    timeToBeatNormallySeconds: null,
  });
});
