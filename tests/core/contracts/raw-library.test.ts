import fc from 'fast-check';
import {
  type RawRow,
  rawColumns,
  readRawLibrary,
  writeRawLibrary,
} from '@savepoint/core/contracts/raw-library.ts';
import { writeRejects } from '@savepoint/core/contracts/rejects.ts';
import { chunksOf } from '../../support/bytes.ts';
import { rawRow } from '../../support/library-rows.ts';

async function read(file: string, chunkBytes?: number) {
  const rows: RawRow[] = [];
  const rejects: { line: number; reason: string; record: string }[] = [];
  for await (const batch of readRawLibrary(chunksOf(file, chunkBytes))) {
    rows.push(...batch.rows);
    rejects.push(...batch.rejects);
  }
  return { rows, rejects };
}

test('the columns are written in the order of the contract', () => {
  expect(writeRawLibrary([])).toBe(
    'appid,name,playtime_forever,img_icon_url,rtime_last_played,playtime_2weeks,playtime_windows_forever,playtime_mac_forever,playtime_linux_forever,playtime_deck_forever,playtime_disconnected\n',
  );
  expect(writeRawLibrary([rawRow({ appId: 570, name: 'Dota, "2"', playtimeMinutes: 5 })])).toContain(
    '\n570,"Dota, ""2""",5,,,,,,,,\n',
  );
});

test('only appid is required', async () => {
  expect(await read('appid\n570\n')).toEqual({
    rows: [rawRow({ appId: 570, name: null, playtimeMinutes: null })],
    rejects: [],
  });
  for (const name of ['  ', 'App 570'])
    expect((await read(`appid,name\n570,${name}\n`)).rows[0]!.name).toBeNull();
});

test.each([
  ['', 'appid is not a whole number'],
  ['0', 'appid must be at least 1'],
  ['-5', 'appid is not a whole number'],
  ['1.5', 'appid is not a whole number'],
  ['1e3', 'appid is not a whole number'],
  ['0x10', 'appid is not a whole number'],
  ['2147483648', 'appid is not a whole number'],
  ['99999999999999999999', 'appid is not a whole number'],
  ['NaN', 'appid is not a whole number'],
])('appid %j is refused, and the rows around it are read', async (appid, reason) => {
  const { rows, rejects } = await read(`appid,name\n1,one\n${appid},bad\n2,two\n`);
  expect(rows.map(({ appId }) => appId)).toEqual([1, 2]);
  expect(rejects).toEqual([{ line: 3, reason: expect.stringContaining(reason), record: `${appid},bad` }]);
});

test.each([
  ['name', 'x'.repeat(10_000), 'name is longer than 1,000 characters'],
  ['name', 'a\u0000b', 'name holds a NUL or another control character'],
  ['name', 'a\u001bb', 'name holds a NUL or another control character'],
  ['playtime_forever', '2147483648', 'playtime_forever is not a whole number from 0 to 2147483647'],
  ['playtime_forever', '-1', 'playtime_forever is not a whole number'],
  ['rtime_last_played', 'yesterday', 'rtime_last_played is not a whole number'],
  ['img_icon_url', 'x'.repeat(201), 'img_icon_url is longer than 200 characters'],
])('a bad %s is a reject that says so', async (column, value, reason) => {
  const { rows, rejects } = await read(`appid,${column}\n1,${value}\n2,\n`);
  expect(rows.map(({ appId }) => appId)).toEqual([2]);
  expect(rejects).toEqual([expect.objectContaining({ line: 2, reason: expect.stringContaining(reason) })]);
  expect(rejects[0]!.record.length).toBeLessThanOrEqual(500);
});

test('the first row of an app holds; the second is refused and says where the first stands', async () => {
  const { rows, rejects } = await read('appid,name\n570,first\n1,"multi\nline"\n0570,second\n');
  expect(rows.map(({ name }) => name)).toEqual(['first', 'multi\nline']);
  expect(rejects).toEqual([{ line: 5, reason: 'appid 570 already stands in line 2', record: '0570,second' }]);
});

test('a time before Steam could know it means never', async () => {
  const { rows } = await read('appid,rtime_last_played\n1,0\n2,86400\n3,1072915199\n4,1072915200\n5,\n');
  expect(rows.map(({ lastPlayedAt }) => lastPlayedAt)).toEqual([null, null, null, 1_072_915_200, null]);
});

test('rejects are written as CSV, in which the bad row can be read', async () => {
  const { rejects } = await read('appid,name\n0,"a, ""b"""\n');
  expect(writeRejects(rejects)).toBe('line,reason,record\n2,appid must be at least 1,"0,a, ""b"""\n');
});

test('whatever is written is read again', async () => {
  const minutes = fc.option(fc.integer({ min: 0, max: 2_147_483_647 }), { nil: null });
  const text = fc
    .string({ unit: 'grapheme', maxLength: 40 })
    .map((value) => value.replace(/[\u0000-\u001f\u007f\r]/g, '').trim())
    .filter((value) => value !== '' && value.isWellFormed());
  const row: fc.Arbitrary<RawRow> = fc.record({
    appId: fc.integer({ min: 1, max: 2_147_483_647 }),
    name: text,
    playtimeMinutes: fc.nat(),
    iconHash: fc.option(text, { nil: null }),
    lastPlayedAt: fc.option(fc.integer({ min: 1_072_915_200, max: 2_147_483_647 }), { nil: null }),
    playtime2WeeksMinutes: minutes,
    playtimeWindowsMinutes: minutes,
    playtimeMacMinutes: minutes,
    playtimeLinuxMinutes: minutes,
    playtimeDeckMinutes: minutes,
    playtimeDisconnectedMinutes: minutes,
  });
  const library = fc.uniqueArray(row, { selector: ({ appId }) => appId, maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(library, fc.integer({ min: 1, max: 300 }), async (rows, chunkBytes) => {
      expect(await read(writeRawLibrary(rows), chunkBytes)).toEqual({ rows, rejects: [] });
    }),
  );
});

test('every column of the contract reaches its field', async () => {
  const { rows } = await read(
    `${rawColumns.map(({ name }) => name).join(',')}\n1,Name,2,icon,1700000000,3,4,5,6,7,8\n`,
  );
  expect(Object.values(rows[0]!)).toEqual([1, 'Name', 2, 'icon', 1_700_000_000, 3, 4, 5, 6, 7, 8]);
});
