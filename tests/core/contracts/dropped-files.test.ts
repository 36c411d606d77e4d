import { gzipSync } from 'node:zlib';
import { type ColumnsReport, reportColumns } from '@savepoint/core/contracts/columns-report.ts';
import { type RawRow, rawColumns, readRawLibrary } from '@savepoint/core/contracts/raw-library.ts';
import { chunksOf } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';

/** Files as people's programs write them, dropped under `raw/`. */

async function read(file: string | Uint8Array) {
  const rows: Partial<RawRow>[] = [];
  const rejects: string[] = [];
  const columns = reportColumns();
  for await (const batch of readRawLibrary(chunksOf(file))) {
    columns.add(batch);
    // What is not told is left out.
    rows.push(
      ...batch.rows.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
      ),
    );
    rejects.push(...batch.rejects.map(({ line, reason }) => `${line}: ${reason}`));
  }
  return { rows, rejects, columns: columns.report() as ColumnsReport | undefined };
}

const header = 'appid,name,playtime_forever';
const portal2 = { appId: 620, name: 'Portal 2', playtimeMinutes: 120 };
const portal = { appId: 400, name: 'Portal', playtimeMinutes: 10 };

test('pandas writes whole numbers of a column with gaps with a fraction', async () => {
  const file = [
    `${header},rtime_last_played,playtime_2weeks`,
    '220,Half-Life 2,0,0,',
    '208650,Batman: Arkham Knight,3855,1783008381,597.0',
    '268910,Cuphead,24,1783003001,24.0',
  ].join('\n');
  expect(await read(file)).toEqual({
    rows: [
      { appId: 220, name: 'Half-Life 2', playtimeMinutes: 0 },
      {
        appId: 208_650,
        name: 'Batman: Arkham Knight',
        playtimeMinutes: 3855,
        lastPlayedAt: 1_783_008_381,
        playtime2WeeksMinutes: 597,
      },
      {
        appId: 268_910,
        name: 'Cuphead',
        playtimeMinutes: 24,
        lastPlayedAt: 1_783_003_001,
        playtime2WeeksMinutes: 24,
      },
    ],
    rejects: [],
    columns: undefined,
  });
});

test('headers of other tools are understood, hours as hours, and what was understood is told', async () => {
  expect(
    await read(
      'App ID,Name,Playtime (Hours),Notes\r\n2630,Call of Duty 2,4.72,\r\n20,Team Fortress Classic,0.0,good\r\n',
    ),
  ).toEqual({
    rows: [
      { appId: 2630, name: 'Call of Duty 2', playtimeMinutes: 283 },
      { appId: 20, name: 'Team Fortress Classic', playtimeMinutes: 0 },
    ],
    rejects: [],
    columns: {
      understood: { appid: 'App ID', name: 'Name', playtime_forever: 'Playtime (Hours)' },
      left_aside: ['Notes'],
      unread: {},
    },
  });
  expect(await read('id,hours,name\n620,14.58,Portal 2\n730,518.25,Counter-Strike 2\n')).toMatchObject({
    rows: [
      { appId: 620, playtimeMinutes: 875 },
      { appId: 730, playtimeMinutes: 31_095 },
    ],
    columns: { understood: { appid: 'id', playtime_forever: 'hours', name: 'name' }, left_aside: [] },
  });
});

test.each([
  ['App ID', 'appid'],
  ['app_id', 'appid'],
  ['appID', 'appid'],
  ['steam_appid', 'appid'],
  ['Steam App ID', 'appid'],
  ['id', 'appid'],
  ['Game', 'name'],
  ['Game name', 'name'],
  ['title', 'name'],
  ['hours', 'playtime_forever'],
  ['hours_played', 'playtime_forever'],
  ['Hours on Record', 'playtime_forever'],
  ['playtime (minutes)', 'playtime_forever'],
  ['playtime_hours', 'playtime_forever'],
  ['Last Played', 'rtime_last_played'],
])('the header %s means %s', async (spelled, name) => {
  const file = name === 'appid' ? `${spelled},x\n620,1\n` : `appid,${spelled}\n620,1\n`;
  expect((await read(file)).columns!.understood[name]).toBe(spelled);
});

test('a header that may mean minutes or hours is left aside', async () => {
  expect(await read('appid,playtime\n620,90\n')).toMatchObject({
    rows: [{ appId: 620 }],
    columns: { left_aside: ['playtime'] },
  });
});

test('of a file with the columns of the pipeline itself there is nothing to say', async () => {
  const own = `${rawColumns.map(({ name }) => name).join()}\n620,Portal 2,120,,,,,,,,\n`;
  expect(await read(own)).toEqual({ rows: [portal2], rejects: [], columns: undefined });
});

test('no name means two columns', () => {
  const names = rawColumns.flatMap(({ name, aliases }) =>
    [name, ...Object.values(aliases ?? {}).flat()].map((one) => one.toLowerCase().replace(/[^a-z0-9]/g, '')),
  );
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  [
    'missing trailing cells',
    `${header},rtime_last_played\n620,Portal 2,120,1700000000\n400,Portal\n70,Half-Life,55\n`,
    [
      { ...portal2, lastPlayedAt: 1_700_000_000 },
      { appId: 400, name: 'Portal' },
      { appId: 70, playtimeMinutes: 55 },
    ],
  ],
  ['trailing commas', `${header}\n620,Portal 2,120,\n400,Portal,10,,\n`, [portal2, portal]],
  [
    'blank rows of a spreadsheet',
    `${header}\n620,Portal 2,120\n,,\n,,\n400,Portal,10\n,,\n`,
    [portal2, portal],
  ],
  [
    'semicolons',
    'appid;name;playtime_forever\n620;Portal 2;120\n48700;Mount & Blade, Warband;10\n',
    [portal2, { appId: 48_700, name: 'Mount & Blade, Warband', playtimeMinutes: 10 }],
  ],
  [
    'UTF-16',
    Buffer.from('\ufeffappid\tname\tplaytime_forever\r\n620\tPortal 2\t120\r\n', 'utf16le'),
    [portal2],
  ],
  [
    'thousands',
    `${header}\n620,Portal 2,"1,234"\n400,Portal,1 234\n`,
    [
      { appId: 620, playtimeMinutes: 1234 },
      { appId: 400, playtimeMinutes: 1234 },
    ],
  ],
  [
    'spaces after commas',
    'appid, name, playtime_forever\n620, Portal 2, 120\n400, "Portal, still alive", 10\n',
    [portal2, { appId: 400, name: 'Portal, still alive', playtimeMinutes: 10 }],
  ],
  [
    'other dates',
    `${header},last_played\n1085660,Destiny 2,1291,2025-01-30 07:03:20\n620,Portal 2,2,2022-06-20 14:50:09\n`,
    [
      { appId: 1_085_660, playtimeMinutes: 1291, lastPlayedAt: Date.UTC(2025, 0, 30, 7, 3, 20) / 1000 },
      { appId: 620, playtimeMinutes: 2, lastPlayedAt: Date.UTC(2022, 5, 20, 14, 50, 9) / 1000 },
    ],
  ],
])('a file with %s loses no row', async (_what, file, expected) => {
  const { rows, rejects } = await read(file);
  expect(rows).toMatchObject(expected);
  expect(rows).toHaveLength(expected.length);
  expect(rejects).toEqual([]);
});

test('a file with appid alone tells nothing else', async () => {
  expect(await read('appid\n620\n400\n')).toMatchObject({
    rows: [{ appId: 620 }, { appId: 400 }],
    rejects: [],
  });
});

test('a number that cannot be meant costs its cell alone, and that is told', async () => {
  expect(
    await read(`${header},rtime_last_played\n620,Portal 2,-5,0\n400,Portal,10,-62135596800\n`),
  ).toMatchObject({
    rows: [{ appId: 620, name: 'Portal 2' }, portal],
    rejects: [],
    columns: { unread: { playtime_forever: 1, rtime_last_played: 1 } },
  });
});

test('an appid is another one when a spreadsheet has rounded it; one that spells every digit is read', async () => {
  expect(
    await read(
      `${header}\n1.09E+06,Cyberpunk 2077,100\n440.0,Team Fortress 2,50\n="620",Portal 2,5\n7.30E+02,Counter-Strike 2,1\n4.4E+02,?,1\n`,
    ),
  ).toMatchObject({
    rows: [
      { appId: 440, playtimeMinutes: 50 },
      { appId: 620, playtimeMinutes: 5 },
      { appId: 730, playtimeMinutes: 1 },
    ],
    rejects: [
      '2: appid has lost its last digits in a spreadsheet and may have been another one',
      '6: appid has lost its last digits in a spreadsheet and may have been another one',
    ],
  });
});

test('an appid that no app can have costs its row', async () => {
  expect(await read(`${header}\n3821538777,My shortcut,10\n620,Portal 2,120\n`)).toMatchObject({
    rows: [portal2],
    rejects: ['2: appid is not a whole number from 0 to 2147483647'],
  });
});

test.each([
  [
    'Windows-1252 is a guess',
    Buffer.from('appid,name,playtime_forever\n384190,ABZ\u00db,12\n', 'latin1'),
    'CSV_NOT_UTF8',
    'Windows-1252',
  ],
  ['gzip', gzipSync(`${header}\n620,Portal 2,120\n`), 'CSV_COMPRESSED', 'gzip'],
  [
    'two names',
    'appid,name,name,playtime_forever\n620,Portal 2,Portal 2,120\n',
    'CSV_HEADER_INVALID',
    'name twice',
  ],
])('a file is refused by name: %s', async (_what, file, code, message) => {
  expect(await failureOf(() => read(file))).toMatchObject({
    code,
    retryable: false,
    message: expect.stringContaining(message),
  });
});
