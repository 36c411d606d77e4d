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
  expect(text).toBe('appid,igdb_id\r\n10,7\n20,6\r\n');
  expect(await read(text)).toMatchObject({ 10: { igdbId: 7 }, 20: { igdbId: 6 } });
});

test.each([
  ['an IGDB id that is none', file, { igdb_id: 'half-life' }, 'OVERRIDE_INVALID'],
  ['a line that changes nothing', file, { note: 'only words' }, 'OVERRIDE_INVALID'],
  ['a column that the file lacks', 'appid,igdb_id\n', { classification: 'demo' }, 'OVERRIDES_COLUMN_MISSING'],
  ['a file that is no list of overrides', 'game,id\n', { igdb_id: '5' }, 'CSV_HEADER_INVALID'],
])('refuses %s', async (_name, text, change, code) => {
  await expect(setOverride(text, 40, change)).rejects.toMatchObject({ code });
});
