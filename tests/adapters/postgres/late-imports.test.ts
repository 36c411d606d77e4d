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
const contentsOf = () =>
  database.column("select count(*)::int from import_contents where kind = 'library_entries'");

test('an older import that comes within the time fills what no newer one told', async () => {
  await load(1, null);
  expect(await load(80, 12)).toMatchObject({ stale: true });
  expect(await playtime()).toEqual([12]);
});

test('a later one overwrites nothing, though nobody knows any longer what the newer ones told', async () => {
  await load(100, 30);
  await load(95, null);
  // Forgets both.
  await load(1, null, { person: '76561197960287931', appId: 10 });
  expect(await contentsOf()).toEqual([1]);
  expect(await load(120, 5)).toMatchObject({ stale: true, changed: 0 });
  expect(await playtime()).toEqual([null, 30]);
  // An app that the library lacks is still added.
  expect(await load(121, 7, { appId: 440 })).toMatchObject({ new: 1 });
});

test('a first import may be as old as it likes', async () => {
  expect(await load(2000, 5)).toMatchObject({ new: 1, stale: false });
  expect(await load(1000, 6)).toMatchObject({ changed: 1, stale: false });
  expect(await playtime()).toEqual([6]);
});

test('twenty are forgotten at a time, and what another program holds is left for later', async () => {
  for (let index = 0; index < 30; index += 1) await load(200 + index, 5);
  await database.query('update imports set has_contents = true');
  const before = Number((await contentsOf())[0]);
  await load(1, 6);
  const after = Number((await contentsOf())[0]);
  expect(before - after).toBeLessThanOrEqual(20);
  for (let index = 0; index < 5; index += 1) await load(1 - index / 100, 6);
  expect(Number((await contentsOf())[0])).toBeLessThanOrEqual(6);
});
