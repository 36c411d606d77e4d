import {
  gameOf,
  importOn,
  type LibraryDatabase,
  openLibraryDatabase,
  rowOf,
  steamId,
} from './library-rows.ts';

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
beforeEach(() => database.empty());
afterAll(() => database.close());

const daysAgo = (days: number) => Math.floor(Date.now() / 1000) - days * 86_400;

const details = {
  rating: 91.25,
  ratingCount: 4321,
  criticRating: 88,
  themes: ['Science fiction', 'Comedy'],
  gameModes: ['Single player'],
  playerPerspectives: ['First person'],
  developers: ['Valve'],
  publishers: ['Valve', 'A "Quoted\\Slashed", {Braced} name'],
  series: ['Portal'],
  websites: ['https://www.thinkwithportals.com'],
  timeToBeatHastilySeconds: 10_000,
  timeToBeatNormallySeconds: 11_000,
  timeToBeatCompletelySeconds: 36_000,
};
const ofSteam = {
  contentDescriptors: [2, 5],
  deckCompatibility: 'verified',
  reviewPercent: 98,
  reviewCount: 380_000,
  releaseState: 'released',
  headerImageUrl: 'https://shared.akamai.steamstatic.com/store_item_assets/steam/apps/400/header.jpg',
} as const;

test('one row a game, with all that a page shows', async () => {
  const game = gameOf(7, {
    genres: [
      { id: 9, name: 'Puzzle' },
      { id: 5, name: 'Adventure' },
    ],
    summary: 'You wake up.',
    ...details,
  });
  const demo = rowOf(2, { classification: 'demo', matchStatus: 'IGNORED', game: null });
  await database.load({
    importId: importOn(1),
    rows: [rowOf(1, { name: 'Portal', game, ...ofSteam }), demo],
  });
  expect(await database.query('select *, release_date::text from library')).toEqual([
    {
      steam_id: steamId,
      app_id: 1,
      title: 'Portal',
      sort_title: 'portal',
      genres: ['Adventure', 'Puzzle'],
      platforms: ['PC'],
      playtime_minutes: 60,
      playtime_2weeks_minutes: null,
      playtime_windows_minutes: 60,
      playtime_mac_minutes: 0,
      playtime_linux_minutes: 0,
      playtime_deck_minutes: 0,
      playtime_disconnected_minutes: 0,
      last_played_at: new Date(1_600_000_000_000),
      cover_url: 'https://images.igdb.com/igdb/image/upload/t_cover_big/co7.jpg',
      summary: 'You wake up.',
      release_date: '2001-02-03',
      match_status: 'MATCHED',
      igdb_id: 7,
      igdb_slug: 'game-7',
      igdb_name: 'Game 7',
      status: null,
      suggested_status: 'shelved',
      notes: null,
      gone: false,
      last_seen_import_id: null,
      rating: 91.25,
      rating_count: 4321,
      critic_rating: 88,
      themes: details.themes,
      game_modes: details.gameModes,
      player_perspectives: details.playerPerspectives,
      developers: details.developers,
      publishers: details.publishers,
      series: details.series,
      websites: details.websites,
      time_to_beat_hastily_seconds: 10_000,
      time_to_beat_normally_seconds: 11_000,
      time_to_beat_completely_seconds: 36_000,
      content_descriptors: [2, 5],
      deck_compatibility: 'verified',
      review_percent: 98,
      review_count: 380_000,
      release_state: 'released',
      header_image_url: ofSteam.headerImageUrl,
    },
  ]);
});

test.each([
  ['never played', { playtimeMinutes: 0, lastPlayedAt: null }, 'unplayed'],
  ['played yesterday', { playtimeMinutes: 9, lastPlayedAt: daysAgo(1) }, 'playing'],
  [
    'played within two weeks, says Steam',
    { playtimeMinutes: 9, lastPlayedAt: null, playtime2WeeksMinutes: 9 },
    'playing',
  ],
  ['played a month ago', { playtimeMinutes: 9, lastPlayedAt: daysAgo(30) }, 'shelved'],
  [
    'played once, say two weeks that are long gone',
    { playtime2WeeksMinutes: 9, lastPlayedAt: daysAgo(30) },
    'shelved',
  ],
  ['of which nothing is told', { playtimeMinutes: null, lastPlayedAt: null }, null],
  ['played before Steam kept times', { playtimeMinutes: 9, lastPlayedAt: null }, 'shelved'],
])('a suggestion never replaces a choice: %s', async (_name, change, suggested_status) => {
  await database.load({ importId: importOn(1), rows: [rowOf(1, change)] });
  await database.query(`update library_entries set status = 'finished'`);
  expect(await database.query('select status, suggested_status from library')).toEqual([
    { status: 'finished', suggested_status },
  ]);
});

test.each([
  ['playtime_minutes desc nulls last', 'library_entries_by_playtime'],
  ['last_played_at desc nulls last', 'library_entries_by_last_played'],
])('the first page by %s comes from an index', async (order, index) => {
  const rows = Array.from({ length: 3000 }, (_, at) => rowOf(at + 1, { playtimeMinutes: at, game: null }));
  await database.load({ importId: importOn(1), rows });
  await database.query('analyze');
  const plan = await database.column(
    `explain select title, genres from library where steam_id = '${steamId}' order by ${order} limit 20`,
  );
  expect(plan.join('\n')).toContain(index);
});

test('the first page by name comes from an index', async () => {
  const rows = Array.from({ length: 3000 }, (_, at) => rowOf(at + 1, { game: null }));
  await database.load({ importId: importOn(1), rows });
  await database.query('analyze');
  const plan = await database.column(
    `explain select title from library where steam_id = '${steamId}' order by sort_title limit 20`,
  );
  expect(plan.join('\n')).toContain('steam_apps_by_sort_title');
});
