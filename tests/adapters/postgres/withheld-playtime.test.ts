import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import { importOn, type LibraryDatabase, openLibraryDatabase, rowOf } from './library-rows.ts';

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
beforeEach(() => database.empty());
afterAll(() => database.close());

const played = (appId: number, playtimeMinutes: number, change: Partial<EnrichedRow> = {}) =>
  rowOf(appId, {
    playtimeMinutes,
    playtimeWindowsMinutes: playtimeMinutes,
    lastPlayedAt: null,
    ...change,
  });
const minutes = () =>
  database.column(
    'select json_build_array(app_id, playtime_minutes, playtime_windows_minutes) from library order by app_id',
  );
const warning = {
  code: 'PLAYTIME_HIDDEN',
  message: expect.stringContaining('Always keep my total playtime private'),
};

test('an import whose playtimes are all 0 takes no playtime away, and says what to untick', async () => {
  await database.load({ importId: importOn(1), rows: [played(1, 50), played(2, 0)] });
  const summary = await database.load({
    importId: importOn(2),
    rows: [played(1, 0), played(2, 0), played(3, 0)],
  });
  expect(summary).toMatchObject({ new: 1, changed: 0, warnings: [warning] });
  expect(await minutes()).toEqual([
    [1, 50, 50],
    [2, 0, 0],
    [3, 0, 0],
  ]);
});

test('an older import that comes late fills what it left open', async () => {
  await database.load({ importId: importOn(2), rows: [played(1, 0)] });
  await database.load({ importId: importOn(1), rows: [played(1, 50)] });
  expect(await minutes()).toEqual([[1, 50, 50]]);
});

test('0 minutes beside others are told', async () => {
  await database.load({ importId: importOn(1), rows: [played(1, 50), played(2, 9)] });
  expect(await database.load({ importId: importOn(2), rows: [played(1, 0), played(2, 9)] })).toMatchObject({
    changed: 1,
    warnings: [],
  });
  expect(await minutes()).toEqual([
    [1, 0, 0],
    [2, 9, 9],
  ]);
});

test('a new person who never played is stored with 0 and gets no warning; who played lately gets one', async () => {
  expect(await database.load({ importId: importOn(1), rows: [played(1, 0)] })).toMatchObject({
    warnings: [],
  });
  expect(await minutes()).toEqual([[1, 0, 0]]);
  const lately = [played(1, 0, { lastPlayedAt: 1_700_000_000 })];
  expect(await database.load({ importId: importOn(2), rows: lately })).toMatchObject({ warnings: [warning] });
});

test('a file without playtimes withholds none', async () => {
  await database.load({ importId: importOn(1), rows: [played(1, 50)] });
  const untold = rowOf(1, {
    playtimeMinutes: null,
    playtimeWindowsMinutes: null,
    playtimeMacMinutes: null,
    playtimeLinuxMinutes: null,
    playtimeDeckMinutes: null,
    playtimeDisconnectedMinutes: null,
  });
  expect(await database.load({ importId: importOn(2), rows: [untold] })).toMatchObject({ warnings: [] });
  expect(await minutes()).toEqual([[1, 50, 50]]);
});

test('the first playtime may stand in a later batch', async () => {
  await database.load({ importId: importOn(1), rows: [played(1, 50), played(2, 9), played(3, 9)] });
  const load = (rows: EnrichedRow[]) =>
    createLibraryLoader(database.connections[0]!, { lateImportDays: 100_000 }).loadLibrary(
      libraryKeyOf('enriched', importOn(2)),
      async function* () {
        for (const row of rows) yield { rows: [row], rejected: 0 };
      },
    );
  expect(await load([played(1, 0), played(2, 0), played(3, 9)])).toMatchObject({ matched: 3, changed: 2 });
  expect(await minutes()).toEqual([
    [1, 0, 0],
    [2, 0, 0],
    [3, 9, 9],
  ]);
});
