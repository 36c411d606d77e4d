import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import pg from 'pg';
import { importOn, type LibraryDatabase, openLibraryDatabase, rowOf, steamId } from './library-rows.ts';

/** The journal of what imports change, and the minutes a day that follow from it. */

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.empty());

/** App ids with their minutes; null where nobody tells them. */
type Minutes = Readonly<Record<number, number | null>>;
const rowsOf = (minutes: Minutes, change: Partial<EnrichedRow> = {}): EnrichedRow[] =>
  Object.entries(minutes).map(([appId, playtimeMinutes]) =>
    rowOf(Number(appId), { ...change, playtimeMinutes, playtimeWindowsMinutes: playtimeMinutes }),
  );
const load = (day: number, minutes: Minutes, change: Partial<EnrichedRow> = {}, person = steamId) =>
  database.load({ importId: importOn(day, person), rows: rowsOf(minutes, change) });

/** `app kind before→after` in the order of seq. */
const journal = async (after = 0): Promise<string[]> =>
  (
    await database.query(
      'select app_id, kind, minutes_before as b, minutes_after as a from library_changes where seq > $1 order by seq',
      [after],
    )
  ).map(
    ({ app_id, kind, b, a }) =>
      `${app_id ?? '*'} ${kind}${b === null && a === null ? '' : ` ${b ?? ''}→${a ?? ''}`}`,
  );
const lastSeq = async (): Promise<number> =>
  Number((await database.column('select coalesce(max(seq), 0) from library_changes'))[0]);
const byDay = () =>
  database.column(
    `select app_id || ' ' || to_char(day, 'MM-DD') || ' ' || minutes from playtime_by_day order by day, app_id`,
  );

test('a first library is one line, and what changes afterwards a line each', async () => {
  await load(1, { 10: 60, 20: 0, 30: 5 });
  expect(await journal()).toEqual(['* imported']);
  const seq = await lastSeq();
  expect(await load(2, { 10: 95, 20: 0, 40: 600 })).toMatchObject({ new: 1, gone: 1, minutes_played: 35 });
  expect(await journal(seq)).toEqual(['10 played 60→95', '40 added →600', '30 gone 5→5']);
  const next = await lastSeq();
  expect(await load(3, { 10: 95, 20: 30, 30: 8, 40: 600 })).toMatchObject({ minutes_played: 33 });
  expect(await journal(next)).toEqual(['20 played 0→30', '30 played 5→8', '30 returned 5→8']);
  expect(await byDay()).toEqual(['10 01-02 35', '20 01-03 30', '30 01-03 3']);
  expect(
    await database.query('select distinct steam_id, import_id from library_changes where seq > $1', [next]),
  ).toEqual([{ steam_id: steamId, import_id: importOn(3) }]);
});

test('what changes nothing writes nothing, the same import, a newer or an older one', async () => {
  await load(2, { 10: 60 });
  await load(4, { 10: 70 });
  const before = await journal();
  await load(4, { 10: 70 });
  await load(5, { 10: 70 });
  await load(1, { 10: 40 });
  await load(3, { 10: 65 });
  expect(await journal()).toEqual(before);
  expect(await byDay()).toEqual(['10 01-04 10']);
});

test('an older import that comes late tells what it adds, but no game that is gone already', async () => {
  await load(1, { 10: 60 });
  await load(3, { 10: 80 });
  const seq = await lastSeq();
  expect(await load(2, { 10: 70, 20: 9 })).toMatchObject({ stale: true, new: 1 });
  expect(await journal(seq)).toEqual([]);
  expect(await byDay()).toEqual(['10 01-03 20']);
});

test('no minute is counted twice, however playtimes fall and rise', async () => {
  await load(1, { 10: 120 });
  await load(2, { 10: 90 });
  await load(3, { 10: 110 });
  await load(4, { 10: 130 });
  await load(5, { 10: 100 });
  await load(6, { 10: 131 });
  expect(await journal()).toEqual(['* imported', '10 played 120→130', '10 played 130→131']);
  expect(await byDay()).toEqual(['10 01-04 10', '10 01-06 1']);
});

test('hours that a game comes with are nobody’s day: added, told for the first time or revealed', async () => {
  // Nothing above 0: this person keeps playtimes private.
  await load(1, { 10: 0, 20: 0, 30: null });
  await load(2, { 10: 6000, 20: 0, 30: 700, 40: 800 });
  expect(await journal()).toEqual(['* imported', '40 added →800']);
  expect(await byDay()).toEqual([]);
  await load(3, { 10: 6001, 20: 2, 30: 703, 40: 804 });
  expect(await byDay()).toEqual(['10 01-03 1', '20 01-03 2', '30 01-03 3', '40 01-03 4']);
});

test('what is hidden for a while is counted once it is shown again', async () => {
  await load(1, { 10: 100 });
  await load(2, { 10: 0, 20: 0 });
  await load(3, { 10: 130, 20: 50 });
  await load(4, { 10: 130, 20: 55 });
  expect(await byDay()).toEqual(['10 01-03 30', '20 01-04 5']);
});

test('a private or empty answer changes nothing, and is no first library', async () => {
  await database.load({ importId: importOn(1), rows: [] });
  expect(await journal()).toEqual([]);
  await load(2, { 10: 60 });
  await database.load({ importId: importOn(3), rows: [] });
  expect(await journal()).toEqual(['* imported']);
});

test('a match that is found or corrected is told, to the person whose import brings it', async () => {
  const other = '76561197960287931';
  const unmatched = { game: null, matchStatus: 'UNMATCHED' } as const;
  await load(1, { 10: 60 }, unmatched);
  await load(1, { 10: 60, 20: 5 }, unmatched, other);
  const seq = await lastSeq();
  await load(2, { 10: 60, 20: 0 });
  await load(2, { 10: 60, 20: 5 }, {}, other);
  // 20 comes with its match, and was matched when the other person's import came.
  expect(await journal(seq)).toEqual(['10 matched', '20 added →0']);
  await database.load({
    importId: importOn(3),
    rows: [rowOf(10, { playtimeMinutes: 60, game: rowOf(77).game })],
  });
  expect(await journal(seq)).toEqual(['10 matched', '20 added →0', '10 matched', '20 gone 0→0']);
});

test('who reads on from the last seq misses nothing, while many load at once', async () => {
  const people = Array.from({ length: 6 }, (_, index) => `7656119796028794${index}`);
  for (const person of people) await load(1, { 10: 0, 20: 1 }, {}, person);
  const reader = new pg.Client({ connectionString: database.url });
  await reader.connect();
  const seen: number[] = [];
  let isDone = false;
  const reading = (async () => {
    for (let last = false; !last; ) {
      last = isDone;
      const { rows } = await reader.query(
        'select seq::int from library_changes where seq > $1 order by seq',
        [seen.at(-1) ?? 0],
      );
      seen.push(...rows.map(({ seq }) => seq));
    }
  })();
  await Promise.all(
    people.map(async (person, index) => {
      for (let day = 2; day < 8; day++)
        await database.load(
          { importId: importOn(day, person), rows: rowsOf({ 10: day, 20: 1 + day }) },
          database.connections[index % 2],
        );
    }),
  );
  isDone = true;
  await reading;
  await reader.end();
  expect(seen).toEqual(await database.column('select seq::int from library_changes order by seq'));
  expect(seen).toHaveLength(people.length * (1 + 6 * 2));
});

test('the journal forgets what is too old, and goes on counting from where it was', async () => {
  const loadFor = (day: number, minutes: Minutes) =>
    createLibraryLoader(database.connections[0]!, { lateImportDays: 100_000, journalDays: 30 }).loadLibrary(
      libraryKeyOf('enriched', importOn(day)),
      async function* () {
        yield { rows: rowsOf(minutes), rejected: 0 };
      },
    );
  await loadFor(1, { 10: 100 });
  await loadFor(2, { 10: 90 });
  await database.query(`update library_changes set recorded_at = recorded_at - interval '31 days'`);
  await loadFor(3, { 10: 90 });
  expect(await journal()).toEqual([]);
  await loadFor(4, { 10: 105 });
  expect(await journal()).toEqual(['10 played 100→105']);
});
