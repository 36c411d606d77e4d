import { stripVTControlCharacters } from 'node:util';
import { table as coloured } from '@savepoint/cli/terminal/table.ts';
import { harmless } from '@savepoint/cli/terminal/plain-text.ts';
import stringWidth from 'string-width';

const table = (...args: Parameters<typeof coloured>) => stripVTControlCharacters(coloured(...args));
const unlimited = Number.POSITIVE_INFINITY;
const head = ['import', 'name', 'attempts'];
const tableOf = (...names: string[]) =>
  table(
    head,
    names.map((name, at) => [`76561197960287930-${at}`, name, at]),
    unlimited,
  )
    .split('\n')
    .slice(1);

test('columns stand under their heads, numbers to the right, and no line ends in blanks', () => {
  expect(
    table(
      ['stage', 'waiting', ''],
      [
        ['steam-import', 12, ''],
        ['igdb', 3, 'stopped'],
      ],
      unlimited,
    ),
  ).toBe(['stage         waiting', 'steam-import       12', 'igdb                3  stopped'].join('\n'));
  expect(table(head, [], unlimited)).toBe('import  name  attempts');
});

test('wide letters, joined emoji and marks above letters take the columns that a terminal gives them', () => {
  expect(tableOf('ペルソナ', '👩‍👩‍👧‍👦 Sims', 'สวัสดี', 'cafe\u0301', 'Portal 2')).toEqual([
    '76561197960287930-0  ペルソナ         0',
    '76561197960287930-1  👩‍👩‍👧‍👦 Sims          1',
    '76561197960287930-2  สวัสดี             2',
    '76561197960287930-3  cafe\u0301             3',
    '76561197960287930-4  Portal 2         4',
  ]);
});

test('nothing in a cell breaks its line, moves the cursor, colours the terminal or turns the direction', () => {
  const hostile = [
    'two\r\nlines',
    'a\ttab',
    '\u001b[31mred\u001b[2J\u0007',
    '\u202eturned\u202c',
    'line\u2028end',
    '\u001b]8;;http://x\u0007link\u001b]8;;\u0007',
  ];
  expect(tableOf(...hostile).map((line) => line.split(/ {2,}/)[1])).toEqual([
    'two lines',
    'a tab',
    'red',
    'turned',
    'line end',
    'link',
  ]);
});

const importId = '76561202255200005-20261126T114318334Z';
const letters = [
  [importId, 'STEAM_GAME_DETAILS_PRIVATE', 1, '2026-11-26 11:43:18 UTC'],
  ['76561202255200001-2026-11-20', 'CSV_HEADER_INVALID', 11, '2026-11-26 11:43:18 UTC'],
];
const columns = [
  'import',
  { head: 'error', shortensTo: 10 },
  { head: 'attempts', drops: 1 },
  { head: 'last failed', drops: 2 },
];

test.each([
  [100, `${importId}  STEAM_GAME_DETAILS_PRIVATE         1  2026-11-26 11:43:18 UTC`],
  [90, `${importId}  STEAM_GAME_DETA…         1  2026-11-26 11:43:18 UTC`],
  [80, `${importId}  STEAM_GAME_DETA…  2026-11-26 11:43:18 UTC`],
  [66, `${importId}  STEAM_GAME_DETAILS_PRIVATE`],
  [50, `${importId}  STEAM_GAME…`],
  [20, `${importId}  STEAM_GAM…`],
])('at %i columns what matters least gives way, and ids stay whole', (width, first) => {
  const lines = table(columns, letters, width).split('\n');
  expect(lines[1]).toBe(first);
  if (width > 48) for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
});

test('wide letters are not cut in half', () => {
  const [, line] = table(
    ['id', { head: 'name', shortensTo: 5 }],
    [['220', 'ペルソナ５ザ・ロイヤル']],
    12,
  ).split('\n');
  expect(line).toBe('220  ペルソ…');
});

test('of a whole screen only colours and lines pass', () => {
  expect(
    harmless('\u001b[1mbold\u001b[22m\nnext \u001b[2Jcleared \u202eturned\u0007 \u001b\u001b[31m[2Jx'),
  ).toBe('\u001b[1mbold\u001b[22m\nnext cleared turned \u001b[31m[2Jx');
});
