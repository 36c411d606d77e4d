import { type LibraryDatabase, openLibraryDatabase, rowOf } from './library-rows.ts';

/** What imports told is kept as long as an older one can still arrive, and no longer. */

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.empty());

const steamId = '76561197960287930';
const dayMs = 24 * 60 * 60 * 1000;
const idOf = (daysAgo: number, person = steamId) =>
  `${person}-${new Date(Date.now() - daysAgo * dayMs).toISOString().replace(/[-:.]/g, '')}`;
const load = (
  daysAgo: number,
  playtimeMinutes: number | null,
  more: { appId?: number; person?: string } = {},
) =>
  database.load(
    { importId: idOf(daysAgo, more.person), rows: [rowOf(more.appId ?? 620, { playtimeMinutes })] },
    undefined,
    90,
  );
const playtime = async () =>
  (await database.column('select playtime_minutes from library_entries order by app_id')) as (
    | number
    | null
  )[];
const pass = (days: number) =>
  database.query('update imports set imported_at = imported_at - make_interval(days => $1)', [days]);
const contentsOf = () =>
  database.column("select count(*)::int from import_contents where kind = 'library_entries'");

test('an older import that comes within the time fills what no newer one told', async () => {
  await load(1, null);
  expect(await load(80, 12)).toMatchObject({ stale: true });
  expect(await playtime()).toEqual([12]);
});

test('a later one overwrites nothing, though nobody knows any longer what the newer ones told', async () => {
  await load(60, 30);
  await load(55, null);
  expect(await contentsOf()).toEqual([2]);
  await pass(50);
  // Forgets both.
  await load(1, null, { person: '76561197960287931', appId: 10 });
  expect(await contentsOf()).toEqual([1]);
  expect(await load(120, 5)).toMatchObject({ stale: true, changed: 0 });
  expect(await playtime()).toEqual([null, 30]);
  // An app that the library lacks is still added.
  expect(await load(121, 7, { appId: 440 })).toMatchObject({ new: 1 });
});

test('an import that is late leaves nothing behind, however often it comes', async () => {
  const late = { importId: idOf(120), rows: [rowOf(620, { playtimeMinutes: 5 })] };
  for (let times = 0; times < 3; times += 1) await database.load(late, undefined, 90);
  expect(await contentsOf()).toEqual([0]);
  // So there is nothing to forget, and no row to touch.
  expect(await database.column('select has_contents from imports')).toEqual([false]);
});

test('a load that has nothing to forget reads no import that it may not forget', async () => {
  await database.query(`insert into imports (import_id, steam_id, imported_at, s3_key, imported_count, skipped_count,
      matched, unmatched, pending, ignored, rejected, new, changed, unchanged, gone, stale, loaded_at)
    select 'x-' || n, '${steamId}', now() - make_interval(secs => n), '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, now()
    from generate_series(1, 5000) n`);
  await database.query('analyze imports');
  const plan = await database.column(`explain select import_id from imports
    where has_contents and imported_at < now() - make_interval(days => 90)
    order by imported_at limit 20 for update skip locked`);
  expect(plan.join('\n')).toMatch(/Index Cond: \(imported_at </);
});

test('a first import may be as old as it likes', async () => {
  expect(await load(2000, 5)).toMatchObject({ new: 1, stale: false });
  expect(await load(1000, 6)).toMatchObject({ changed: 1, stale: false });
  expect(await playtime()).toEqual([6]);
});

test('twenty are forgotten at a time', async () => {
  for (let index = 0; index < 30; index += 1) await load(50 + index / 100, 5);
  await pass(100);
  expect(await contentsOf()).toEqual([30]);
  await load(2, 6);
  expect(await contentsOf()).toEqual([10 + 1]);
  await load(1, 6);
  expect(await contentsOf()).toEqual([2]);
});
