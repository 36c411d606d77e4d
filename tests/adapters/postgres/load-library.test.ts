import { sql } from 'kysely';
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

const entries = () =>
  database.query(
    'select app_id, playtime_minutes, last_seen_import_id, gone from library_entries order by app_id',
  );
const entry = (app_id: number, playtime_minutes: number, lastSeenDay?: number) => ({
  app_id,
  playtime_minutes,
  last_seen_import_id: lastSeenDay === undefined ? null : importOn(lastSeenDay),
  gone: lastSeenDay !== undefined,
});

test('an import fills every table and counts its rows', async () => {
  const demo = rowOf(3, { classification: 'demo', matchStatus: 'IGNORED', game: null });
  const unmatched = rowOf(2, { game: null });
  const pending = rowOf(4, { matchStatus: 'PENDING', game: null });
  const summary = await database.load({
    importId: importOn(1),
    rows: [demo, rowOf(1), unmatched, pending],
    rejected: 2,
  });
  expect(summary).toEqual({
    imported_count: 3,
    skipped_count: 3,
    matched: 1,
    unmatched: 1,
    pending: 1,
    ignored: 1,
    rejected: 2,
    new: 4,
    changed: 0,
    unchanged: 0,
    minutes_played: 0,
    gone: 0,
    stale: false,
    warnings: [],
  });
  const { warnings: _, minutes_played: __, ...counted } = summary;
  expect(await database.query('select * from imports')).toEqual([
    {
      import_id: importOn(1),
      has_contents: true,
      steam_id: steamId,
      imported_at: new Date('2026-01-01T00:00:00Z'),
      s3_key: `enriched/steam-library-${importOn(1)}-enriched.csv`,
      loaded_at: expect.any(Date),
      first_loaded_at: expect.any(Date),
      ...counted,
    },
  ]);
  expect(
    await database.query(
      `select igdb_id, name, slug, release_date::text, cover_image_id, igdb_updated_at from games`,
    ),
  ).toEqual([
    {
      igdb_id: 1,
      name: 'Game 1',
      slug: 'game-1',
      release_date: '2001-02-03',
      cover_image_id: 'co1',
      igdb_updated_at: new Date(1_700_000_000_000),
    },
  ]);
  expect(await database.column('select match_status from steam_apps order by app_id')).toEqual([
    'MATCHED',
    'UNMATCHED',
    'IGNORED',
    'PENDING',
  ]);
  expect(await database.column('select last_played_at from library_entries where app_id = 1')).toEqual([
    new Date(1_600_000_000_000),
  ]);
});

test('the same import again writes nothing: no dead tuple and next to no WAL', async () => {
  const library = {
    importId: importOn(1),
    rows: Array.from({ length: 3000 }, (_, index) => rowOf(index + 1)),
  };
  await database.load(library);
  // Of the connection alone: other tests write to the same server at the same time.
  const walBytes = async () => {
    const flushed = sql<{ pid: number }>`select pg_backend_pid() as pid, pg_stat_force_next_flush()`;
    const { rows } = await database.connections[0]!.transaction((trx) => flushed.execute(trx));
    return (
      await database.column(`select wal_bytes::int from pg_stat_get_backend_wal(${rows[0]!.pid})`)
    )[0] as number;
  };
  const versions = () =>
    database.query(`select 'e' as t, ctid::text, xmin::text from library_entries union all select 'a', ctid::text, xmin::text from steam_apps
      union all select 'g', ctid::text, xmin::text from games union all select 'l', ctid::text, xmin::text from game_genres order by 1, 2`);
  const before = await versions();
  const start = await walBytes();
  expect(await database.load(library)).toMatchObject({ new: 0, changed: 0, unchanged: 3000, gone: 0 });
  // 3,000 rows written again would be megabytes.
  expect(start).toBeGreaterThan(1_000_000);
  expect((await walBytes()) - start).toBeLessThan(100_000);
  expect(await versions()).toEqual(before);
});

test('what IGDB changed is updated, and links that it dropped are removed', async () => {
  const before = gameOf(1, {
    genres: [
      { id: 5, name: 'Shooter' },
      { id: 9, name: 'Puzzle' },
    ],
  });
  const after = gameOf(1, { name: 'Renamed', genres: [{ id: 9, name: 'Puzzler' }], platforms: [] });
  await database.load({ importId: importOn(1), rows: [rowOf(1, { game: before }), rowOf(2)] });
  const summary = await database.load({ importId: importOn(2), rows: [rowOf(1, { game: after }), rowOf(2)] });
  expect(summary).toMatchObject({ new: 0, changed: 1, unchanged: 1 });
  expect(
    await database.query('select title, igdb_name, genres, platforms from library order by app_id'),
  ).toEqual([
    { title: 'Name 1', igdb_name: 'Renamed', genres: ['Puzzler'], platforms: [] },
    { title: 'Name 2', igdb_name: 'Game 2', genres: ['Shooter'], platforms: ['PC'] },
  ]);
});

test('a link that alone changed counts as a change of the row', async () => {
  await database.load({ importId: importOn(1), rows: [rowOf(1)] });
  const game = gameOf(1, { platforms: [{ id: 3, name: 'Linux' }] });
  expect(await database.load({ importId: importOn(2), rows: [rowOf(1, { game })] })).toMatchObject({
    changed: 1,
  });
});

test('what people own is never touched, not even when the app goes and comes back', async () => {
  await database.load({ importId: importOn(1), rows: [rowOf(1), rowOf(2)] });
  await database.query(`update library_entries set status = 'finished', notes = 'with Ann' where app_id = 1`);
  await database.load({ importId: importOn(2), rows: [rowOf(2)] });
  await database.load({ importId: importOn(3), rows: [rowOf(1, { playtimeMinutes: 90 }), rowOf(2)] });
  expect(
    await database.query('select status, notes, playtime_minutes, gone from library where app_id = 1'),
  ).toEqual([{ status: 'finished', notes: 'with Ann', playtime_minutes: 90, gone: false }]);
});

test('an app that Steam no longer lists is marked with the import that last saw it', async () => {
  await database.load({ importId: importOn(1), rows: [rowOf(1), rowOf(2)] });
  await database.load({ importId: importOn(2), rows: [rowOf(1), rowOf(2)] });
  expect(await database.load({ importId: importOn(3), rows: [rowOf(2)] })).toMatchObject({ gone: 1 });
  expect(await entries()).toEqual([entry(1, 60, 2), entry(2, 60)]);
  expect(await database.load({ importId: importOn(4), rows: [rowOf(1), rowOf(2)] })).toMatchObject({
    changed: 1,
  });
  expect(await entries()).toEqual([entry(1, 60), entry(2, 60)]);
});

test('an older import that comes late overwrites nothing and fills what only it knows', async () => {
  await database.load({ importId: importOn(1), rows: [rowOf(1, { playtimeMinutes: 1 }), rowOf(2)] });
  // The third import finds app 1 as it was, so nothing in its row tells that it was seen again.
  await database.load({ importId: importOn(3), rows: [rowOf(1, { playtimeMinutes: 1 })] });
  const renamed = gameOf(1, { name: 'Old name' });
  const summary = await database.load({
    importId: importOn(2),
    rows: [rowOf(1, { playtimeMinutes: 99, game: renamed }), rowOf(2, { playtimeMinutes: 7 }), rowOf(3)],
  });
  expect(summary).toMatchObject({ stale: true, new: 1, changed: 1, unchanged: 1, gone: 0 });
  expect(await entries()).toEqual([entry(1, 1), entry(2, 7, 2), entry(3, 60, 2)]);
  expect(await database.column('select name from games where igdb_id = 1')).toEqual(['Game 1']);
});

test('an empty answer never empties a library, nor does one whose rows were all rejected', async () => {
  await database.load({ importId: importOn(1), rows: [rowOf(1)] });
  for (const rejected of [0, 5]) {
    const summary = await database.load({ importId: importOn(2 + rejected), rows: [], rejected });
    expect(summary).toMatchObject({ gone: 0, skipped_count: rejected });
  }
  expect(await database.load({ importId: importOn(1), rows: [] })).toMatchObject({ gone: 0 });
  expect(await entries()).toEqual([entry(1, 60)]);
  expect(await database.column('select imported_count from imports order by import_id')).toEqual([1, 0, 0]);
});

test('while rows were rejected nobody knows what is gone; the next whole import tells', async () => {
  await database.load({ importId: importOn(1), rows: [rowOf(1), rowOf(2)] });
  expect(await database.load({ importId: importOn(2), rows: [rowOf(2)], rejected: 1 })).toMatchObject({
    gone: 0,
  });
  expect(await entries()).toEqual([{ ...entry(1, 60, 1), gone: false }, entry(2, 60)]);
  expect(await database.load({ importId: importOn(3), rows: [rowOf(2)] })).toMatchObject({ gone: 1 });
  expect(await entries()).toEqual([entry(1, 60, 1), entry(2, 60)]);
});

test('an app that this import did not look up keeps what earlier ones found', async () => {
  await database.load({ importId: importOn(1), rows: [rowOf(1)] });
  await database.load({ importId: importOn(2), rows: [rowOf(1, { matchStatus: 'PENDING', game: null })] });
  expect(await database.query('select match_status, igdb_id from library')).toEqual([
    { match_status: 'MATCHED', igdb_id: 1 },
  ]);
  await database.load({ importId: importOn(3), rows: [rowOf(1, { game: null })] });
  expect(await database.query('select match_status, igdb_id from library')).toEqual([
    { match_status: 'UNMATCHED', igdb_id: null },
  ]);
});

test('a re-run of the newest import with other contents replaces what it said', async () => {
  await database.load({ importId: importOn(1), rows: [rowOf(1), rowOf(2)] });
  const summary = await database.load({ importId: importOn(1), rows: [rowOf(1, { game: gameOf(7) })] });
  expect(summary).toMatchObject({ changed: 1, gone: 1, stale: false });
  expect(await entries()).toEqual([entry(1, 60), entry(2, 60, 1)]);
});

test('a genre that only had a name gets its id when somebody tells it', async () => {
  const byName = gameOf(1, { genres: [{ id: null, name: 'Shooter' }] });
  await database.load({ importId: importOn(1), rows: [rowOf(1, { game: byName })] });
  await database.load({ importId: importOn(2), rows: [rowOf(1, { game: byName }), rowOf(2)] });
  expect(await database.query('select igdb_id, name from genres')).toEqual([{ igdb_id: 5, name: 'Shooter' }]);
  expect(await database.column('select distinct genres from library')).toEqual([['Shooter']]);
});
