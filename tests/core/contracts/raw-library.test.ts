import fc from 'fast-check';
import { partFromJson } from '@savepoint/core/contracts/columns.ts';
import {
  type RawRow,
  rawColumns,
  readRawLibrary,
  withoutPlaceholder,
  writeRawLibrary,
} from '@savepoint/core/contracts/raw-library.ts';
import { RejectedRows, writeRejects } from '@savepoint/core/contracts/rejects.ts';
import { chunksOf } from '../../support/bytes.ts';
import { rawRow } from '../../support/library-rows.ts';

async function read(file: string, chunkBytes?: number) {
  const rows: RawRow[] = [];
  const rejects: { line: number; reason: string; record: string }[] = [];
  const unread: string[] = [];
  for await (const batch of readRawLibrary(chunksOf(file, chunkBytes))) {
    rows.push(...batch.rows);
    rejects.push(...batch.rejects);
    unread.push(...batch.unread);
  }
  return { rows, rejects, unread };
}

test('the columns are written in the order of the contract', () => {
  expect(writeRawLibrary([])).toBe(
    'appid,name,playtime_forever,img_icon_url,rtime_last_played,playtime_2weeks,playtime_windows_forever,playtime_mac_forever,playtime_linux_forever,playtime_deck_forever,playtime_disconnected,content_descriptorids\n',
  );
  expect(writeRawLibrary([rawRow({ appId: 570, name: 'Dota, "2"', playtimeMinutes: 5 })])).toContain(
    '\n570,"Dota, ""2""",5,,,,,,,,,\n',
  );
});

test('only appid is required', async () => {
  expect(await read('appid\n570\n')).toEqual({
    rows: [rawRow({ appId: 570, name: null, playtimeMinutes: null })],
    rejects: [],
    unread: [],
  });
  for (const name of ['  ', 'App 570'])
    expect((await read(`appid,name\n570,${name}\n`)).rows[0]!.name).toBeNull();
});

test.each([
  ['', 'appid is not a whole number'],
  ['0', 'appid must be at least 1'],
  ['-5', 'appid is not a whole number'],
  ['1.5', 'appid is not a whole number'],
  ['1e3', 'appid has lost its last digits'],
  ['1.000', 'appid is not a whole number'],
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
  ['name', 'x'.repeat(10_000)],
  ['name', 'a\u0000b'],
  ['name', 'a\u001bb'],
  ['playtime_forever', '2147483648'],
  ['playtime_forever', '-1'],
  ['playtime_forever', '1.5'],
  ['playtime_forever', '12:30'],
  ['rtime_last_played', 'yesterday'],
  ['rtime_last_played', '9999-12-31'],
  ['img_icon_url', 'x'.repeat(201)],
])('a bad %s is not told, and its column is counted', async (column, value) => {
  const { rows, rejects, unread } = await read(`appid,${column}\n1,${value}\n2,\n`);
  expect(rows).toEqual([1, 2].map((appId) => rawRow({ appId, name: null, playtimeMinutes: null })));
  expect([rejects, unread]).toEqual([[], [column]]);
});

test('a name that a program writes for none is not told', async () => {
  for (const name of ['NaN', 'N/A', '#N/A', '<NA>'])
    expect((await read(`appid,name\n570,${name}\n`)).rows[0]!.name).toBeNull();
  for (const name of ['NULL', 'None', '-', "'Splosion Man"])
    expect((await read(`appid,name\n570,${name}\n`)).rows[0]!.name).toBe(name);
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
  const rejected = new RejectedRows();
  rejected.add(rejects);
  expect(writeRejects(rejected)).toBe('line,reason,record\n2,appid must be at least 1,"0,a, ""b"""\n');
});

test('of very many rejects the first are kept, and the number of the rest', () => {
  const rejected = new RejectedRows();
  for (let line = 1; line <= 25; line++)
    rejected.add(Array.from({ length: 1000 }, () => ({ line, reason: 'bad', record: 'x' })));
  expect([rejected.count, rejected.first.length]).toEqual([25_000, 10_000]);
  expect(writeRejects(rejected).trimEnd().split('\n').at(-1)).toBe(',"15,000 more rows could not be used",');
});

test('whatever Steam may tell is read as it was written', async () => {
  const told = fc.oneof(
    fc.anything({ maxDepth: 1 }),
    fc.integer(),
    fc.nat(3_000_000_000),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('NaN', 'N/A', 'null', '="1"', "'1", ' x ', '1,2', '"', ';', '\t', '\n', '-', '+'),
  );
  const value = told.map((one) => (Object.is(one, -0) ? 0 : one));
  const app = fc.record(Object.fromEntries(rawColumns.map(({ property }) => [property, value])));
  await fc.assert(
    fc.asyncProperty(fc.array(app), fc.integer({ min: 1, max: 300 }), async (apps, chunkBytes) => {
      const rows = apps.flatMap((json, index) => {
        const values: Record<string, unknown> = { ...json, appId: index + 1 };
        const row = partFromJson(rawColumns, 'app', ({ property }) => values[property]);
        return row ? [withoutPlaceholder(row)] : [];
      });
      expect(rows).toHaveLength(apps.length);
      expect(await read(writeRawLibrary(rows), chunkBytes)).toEqual({ rows, rejects: [], unread: [] });
    }),
  );
});

test('every column of the contract reaches its field', async () => {
  const { rows } = await read(
    `${rawColumns.map(({ name }) => name).join(',')}\n1,Name,2,icon,1700000000,3,4,5,6,7,8,2|5\n`,
  );
  expect(Object.values(rows[0]!)).toEqual([1, 'Name', 2, 'icon', 1_700_000_000, 3, 4, 5, 6, 7, 8, [2, 5]]);
});
