import { readOverrides } from '@savepoint/core/contracts/overrides.ts';
import { removeOverride, setOverride } from '@savepoint/core/operations/edit-overrides.ts';

const file = [
  'note,appid,who,igdb_id,classification',
  '# games that IGDB knows by another number',
  '"two',
  'lines, ""quoted""",220,ann,233,',
  '',
  ',10,bob,none,tool',
  'dull,220,ann,5,game',
  'last,30,,7,',
  '',
].join('\n');

async function read(text: string) {
  const bytes = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  const { overrides } = await readOverrides(bytes);
  return Object.fromEntries(overrides);
}

test('the first override makes the file', async () => {
  const text = await setOverride(null, 220, { igdb_id: '233', note: 'a, "b"' });
  expect(text).toBe('appid,igdb_id,classification,note\n220,233,,"a, ""b"""\n');
  expect(await setOverride('', 220, { igdb_id: '233', note: 'a, "b"' })).toBe(text);
});

test('a new app comes last, and every other character stays', async () => {
  expect(await setOverride(file, 40, { classification: 'demo' })).toBe(`${file},40,,,demo\n`);
  const unended = file.trimEnd();
  expect(await setOverride(unended, 40, { classification: 'demo' })).toBe(`${unended}\n,40,,,demo\n`);
});

test('a known app keeps what is not changed, in the place of the line that held', async () => {
  const text = await setOverride(file, 220, { igdb_id: '99' });
  expect(text).toBe(
    [
      'note,appid,who,igdb_id,classification',
      '# games that IGDB knows by another number',
      '',
      ',10,bob,none,tool',
      'dull,220,ann,99,game',
      'last,30,,7,',
      '',
    ].join('\n'),
  );
});

test('removing takes out every line of the app and nothing else', async () => {
  const text = await removeOverride(file, 220);
  expect(text?.split('\n')).toEqual([
    'note,appid,who,igdb_id,classification',
    '# games that IGDB knows by another number',
    '',
    ',10,bob,none,tool',
    'last,30,,7,',
    '',
  ]);
  expect(await removeOverride(text!, 220)).toBeNull();
  expect(Object.keys(await read(text!))).toEqual(['10', '30']);
});

test('CRLF files stay readable', async () => {
  const text = await setOverride('appid,igdb_id\r\n10,5\r\n20,6\r\n', 10, { igdb_id: '7' });
  expect(text).toBe('appid,igdb_id\r\n10,7\r\n20,6\r\n');
  expect(await read(text)).toMatchObject({ 10: { igdbId: 7 }, 20: { igdbId: 6 } });
});

test.each([
  [
    'a line end of old in a note',
    'appid,igdb_id,classification,note\n10,1,,"a\rb"\n620,5,,\n730,6,,\n',
    '620,5,,\n',
  ],
  ['line ends of old', 'appid,igdb_id\r10,1\r620,5\r730,6\r', '620,5\r'],
  [
    'commas in a quoted header',
    'x,"who, and when",appid,igdb_id\n,,10,1\n,10,620,5\n,,730,6\n',
    ',10,620,5\n',
  ],
  ['semicolons', 'sep=;\nApp ID;igdb_id;note\n10;1;\n620;5;"620;\n730"\n730;6;620\n', '620;5;"620;\n730"\n'],
  ['tabs', 'appid\tigdb_id\n10\t1\n620\t5\n730\t6\n', '620\t5\n'],
  ['a BOM', '\ufeffappid,igdb_id\n620,5\n730,6\n10,1\n', '620,5\n'],
  ['blank rows', 'appid,igdb_id\n,\n620,5\n,\n\n730,6\n10,1\n', '620,5\n'],
  ['another spelling of a number', 'appid,igdb_id\n6200,5\n="620",5\n730,6\n10,1\n', '="620",5\n'],
  ['a quote that is not closed', 'appid,igdb_id,note\n1,2,"x\n620,5,\n730,6,\n10,1,"b"\n', '620,5,\n'],
])('a file with %s is changed in the line of the app that is named', async (_what, text, line) => {
  expect(await removeOverride(text, 620)).toBe(text.replace(line, ''));
  const changed = await setOverride(text, 620, { igdb_id: '99' });
  expect(changed.length - text.length).toBe(line.startsWith('=') ? -2 : 1);
  expect(await read(changed)).toMatchObject({ 620: { igdbId: 99 }, 730: { igdbId: 6 }, 10: { igdbId: 1 } });
  const added = await setOverride(text, 40, { igdb_id: '7' });
  expect(added.startsWith(text)).toBe(true);
  expect(await read(added)).toMatchObject({ 40: { igdbId: 7 }, 620: { igdbId: 5 }, 730: { igdbId: 6 } });
});

test.each([
  ['an IGDB id that is none', file, { igdb_id: 'half-life' }, 'OVERRIDE_INVALID'],
  ['a line that changes nothing', file, { note: 'only words' }, 'OVERRIDE_INVALID'],
  ['a column that the file lacks', 'appid,igdb_id\n', { classification: 'demo' }, 'OVERRIDES_COLUMN_MISSING'],
  ['a file that is no list of overrides', 'game,id\n', { igdb_id: '5' }, 'CSV_HEADER_INVALID'],
])('refuses %s', async (_name, text, change, code) => {
  await expect(setOverride(text, 40, change)).rejects.toMatchObject({ code });
});
