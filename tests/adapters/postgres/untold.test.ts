import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import type { Named } from '@savepoint/core/contracts/named-list.ts';
import fc from 'fast-check';
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

const other = '76561197960287931';
const day = (number: number) => Date.UTC(2026, 0, number) / 1000;
/** A row that tells of its app nothing but that it is owned. */
const bare = (appId: number) =>
  rowOf(appId, {
    name: null,
    playtimeMinutes: null,
    lastPlayedAt: null,
    playtimeWindowsMinutes: null,
    playtimeMacMinutes: null,
    playtimeLinuxMinutes: null,
    playtimeDeckMinutes: null,
    playtimeDisconnectedMinutes: null,
    classification: null,
    matchStatus: 'PENDING',
    game: null,
  });
const nothingOf = (igdbId: number) => ({
  ...gameOf(igdbId),
  name: null,
  slug: null,
  releaseDate: null,
  coverImageId: null,
  genres: null,
  platforms: null,
  gameType: null,
  updatedAt: null,
});

test('a file with app ids alone changes nothing, for this person or for all', async () => {
  await database.load({
    importId: importOn(1),
    rows: [rowOf(1, { iconHash: 'abc', classification: 'game' })],
  });
  const everything = () =>
    database.query(
      'select * from library_entries join steam_apps using (app_id) join games on games.id = game_id',
    );
  const before = await everything();
  for (const person of [steamId, other])
    await database.load({ importId: importOn(2, person), rows: [bare(1)] });
  expect((await everything()).filter(({ steam_id }) => steam_id === steamId)).toEqual(before);
  expect(
    await database.query('select title, playtime_minutes, suggested_status from library order by steam_id'),
  ).toEqual([
    { title: 'Name 1', playtime_minutes: 60, suggested_status: 'shelved' },
    { title: 'Name 1', playtime_minutes: null, suggested_status: null },
  ]);
});

test('what a new app does not tell stays open, and whoever tells it first fills it, be it late', async () => {
  await database.load({ importId: importOn(2), rows: [bare(1), { ...rowOf(2), game: nothingOf(2) }] });
  expect(
    await database.query('select title, igdb_name, playtime_minutes from library order by app_id'),
  ).toEqual([
    { title: 'App 1', igdb_name: null, playtime_minutes: null },
    { title: 'Name 2', igdb_name: 'IGDB game 2', playtime_minutes: 60 },
  ]);
  await database.load({ importId: importOn(1), rows: [rowOf(1), rowOf(2, { playtimeMinutes: 5 })] });
  expect(
    await database.query('select title, igdb_name, genres, playtime_minutes from library order by app_id'),
  ).toEqual([
    { title: 'Name 1', igdb_name: 'Game 1', genres: ['Shooter'], playtime_minutes: 60 },
    { title: 'Name 2', igdb_name: 'Game 2', genres: ['Shooter'], playtime_minutes: 60 },
  ]);
});

test('a late import writes the columns that no newer one of the person told', async () => {
  await database.load({
    importId: importOn(3),
    rows: [rowOf(1, { playtimeMinutes: 90, lastPlayedAt: null })],
  });
  await database.load({
    importId: importOn(2),
    rows: [rowOf(1, { playtimeMinutes: 10, lastPlayedAt: 1_500_000_000 })],
  });
  await database.load({
    importId: importOn(1),
    rows: [rowOf(1, { playtimeMinutes: 5, lastPlayedAt: 1_400_000_000 })],
  });
  expect(await database.query('select playtime_minutes, last_played_at from library_entries')).toEqual([
    { playtime_minutes: 90, last_played_at: new Date(1_500_000_000_000) },
  ]);
});

test('of shared rows the fact that was learnt later wins, whichever import brings it', async () => {
  const learnt = (learntAt: number, name: string) => [
    rowOf(1, { learntAt: day(learntAt), game: gameOf(1, { name, genres: [{ id: 5, name }] }) }),
  ];
  const names = () => database.query('select igdb_name, genres from library where steam_id = $1', [steamId]);
  await database.load({ importId: importOn(9), rows: learnt(3, 'Third') });
  await database.load({ importId: importOn(10, other), rows: learnt(2, 'Second') });
  expect(await names()).toEqual([{ igdb_name: 'Third', genres: ['Third'] }]);
  await database.load({ importId: importOn(4, other), rows: learnt(5, 'Fifth') });
  expect(await names()).toEqual([{ igdb_name: 'Fifth', genres: ['Fifth'] }]);
  // The fact stands already, so nothing is written; still nothing older may replace it.
  await database.load({ importId: importOn(11), rows: learnt(8, 'Fifth') });
  await database.load({ importId: importOn(12, other), rows: learnt(7, 'Seventh') });
  expect(await names()).toEqual([{ igdb_name: 'Fifth', genres: ['Fifth'] }]);
});

test('so it remains when the notes of many imports are put together', async () => {
  const load = (number: number, name: string) =>
    database.load({
      importId: `${other}-2026-02-01T00:${String(number).padStart(2, '0')}`,
      rows: [rowOf(1, { learntAt: day(1) + number, name, game: gameOf(1, { name }) })],
    });
  for (const number of [0, 50, ...Array.from({ length: 25 }, (_, index) => index + 10)])
    await load(number, 'Portal');
  const [notes] = await database.column(
    'select count(*)::int from import_contents where newest_learnt_at is not null',
  );
  expect(notes).toBeLessThanOrEqual(72);
  await load(49, 'Portal (2007)');
  expect(await database.query('select name, igdb_name from library join steam_apps using (app_id)')).toEqual([
    { name: 'Portal', igdb_name: 'Portal' },
  ]);
});

test('a time to come is taken for now, so that later facts win', async () => {
  const learnt = (learntAt: number | null, name: string) => [
    rowOf(1, { learntAt, game: gameOf(1, { name }) }),
  ];
  await database.load({ importId: importOn(1), rows: learnt(2_000_000_000, 'Far') });
  await database.query(`update games set learnt_at = learnt_at - interval '1 minute'`);
  await database.query(
    `update import_contents set learnt_at = null, newest_learnt_at = 0 where kind = 'games'`,
  );
  await database.load({ importId: importOn(2), rows: learnt(Math.floor(Date.now() / 1000), 'Near') });
  expect(await database.column('select igdb_name from library')).toEqual(['Near']);
});

test('nothing is written because time has passed', async () => {
  const load = (number: number) =>
    database.load({ importId: importOn(number), rows: [rowOf(1, { learntAt: day(number) }), bare(2)] });
  const versions = () =>
    database.query(`select ctid::text, xmin::text from library_entries union all select ctid::text, xmin::text from steam_apps
      union all select ctid::text, xmin::text from games union all select ctid::text, xmin::text from genres order by 1, 2`);
  await load(1);
  const before = await versions();
  expect(await load(2)).toMatchObject({ changed: 0, unchanged: 2 });
  expect(await versions()).toEqual(before);
});

const partialGame = fc.record({
  summary: fc.constantFrom('a', 'b', null),
  slug: fc.constantFrom('c', 'd', null),
  genres: fc.constantFrom<Named[] | null>([{ id: 1, name: 'One' }], [{ id: 2, name: 'Two' }], null),
});
const partialFacts = fc
  .uniqueArray(fc.record({ at: fc.integer({ min: 1, max: 9 }), game: partialGame }), {
    minLength: 1,
    maxLength: 5,
    selector: ({ at }) => at,
  })
  .chain((facts) =>
    fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2, maxLength: facts.length * 2 }),
  );

test('what was told once is never lost, and what the latest fact tells holds', async () => {
  await fc.assert(
    fc.asyncProperty(partialFacts, async (facts) => {
      await database.empty();
      for (const { at, game } of facts)
        await database.load({
          importId: importOn(at, at % 2 ? steamId : other),
          rows: [rowOf(1, { game: gameOf(1, game) })],
        });
      const [row] = await database.query(`select summary, slug,
        array(select name from genres join game_genres on genre_id = genres.id) as genres from games`);
      const latest = facts.toSorted((a, b) => b.at - a.at)[0]!.game;
      for (const property of ['summary', 'slug'] as const) {
        const told = facts.map(({ game }) => game[property]).filter((value) => value !== null);
        expect(latest[property] === null ? [...told, null] : [latest[property]]).toContain(row![property]);
        if (told.length > 0) expect(row![property]).not.toBeNull();
      }
      const told = facts.flatMap(({ game }) => (game.genres ? [game.genres.map(({ name }) => name)] : []));
      expect(latest.genres ? [latest.genres.map(({ name }) => name)] : [...told, []]).toContainEqual(
        row!.genres,
      );
      if (told.length > 0) expect(row!.genres).not.toEqual([]);
    }),
    { numRuns: 15 },
  );
}, 120_000);

test('an import id of the future orders its import by its first load', async () => {
  const load = (importId: string, playtimeMinutes: number) =>
    createLibraryLoader(database.connections[0]!, { lateImportDays: 100_000 }).loadLibrary(
      libraryKeyOf('enriched', importId),
      async function* () {
        yield { rows: [rowOf(1, { playtimeMinutes })], rejected: 0 };
      },
    );
  const future = `${steamId}-20620101T000000000Z`;
  await load(future, 10);
  const after = `${steamId}-${new Date(Date.now() + 1000).toISOString().replace(/[-:.]/g, '')}`;
  await database.query(
    `update imports set imported_at = imported_at - interval '1 minute', first_loaded_at = first_loaded_at - interval '1 minute'`,
  );
  expect(await load(after, 20)).toMatchObject({ stale: false, changed: 1 });
  expect(await load(future, 30)).toMatchObject({ stale: true });
  expect(await database.column('select playtime_minutes from library')).toEqual([20]);
});
