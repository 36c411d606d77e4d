import { stripVTControlCharacters } from 'node:util';
import { table } from '@savepoint/cli/print.ts';

const head = ['import', 'name', 'attempts'];
const tableOf = (...names: string[]) =>
  stripVTControlCharacters(
    table(
      head,
      names.map((name, at) => [`76561197960287930-${at}`, name, at]),
    ),
  )
    .split('\n')
    .slice(1);

test('columns stand under their heads, and no line ends in blanks', () => {
  expect(
    stripVTControlCharacters(
      table(
        ['stage', 'waiting', ''],
        [
          ['steam-import', 12, ''],
          ['igdb', 3, 'stopped'],
        ],
      ),
    ),
  ).toBe(['stage         waiting', 'steam-import  12', 'igdb          3        stopped'].join('\n'));
  expect(stripVTControlCharacters(table(head, []))).toBe('import  name  attempts');
});

test('wide letters, joined emoji and marks above letters take the columns that a terminal gives them', () => {
  expect(tableOf('ペルソナ', '👩‍👩‍👧‍👦 Sims', 'สวัสดี', 'cafe\u0301', 'Portal 2')).toEqual([
    '76561197960287930-0  ペルソナ  0',
    '76561197960287930-1  👩‍👩‍👧‍👦 Sims   1',
    '76561197960287930-2  สวัสดี      2',
    '76561197960287930-3  cafe\u0301      3',
    '76561197960287930-4  Portal 2  4',
  ]);
});

test('nothing in a cell breaks its line, moves the cursor, colours the terminal or turns the direction', () => {
  expect(
    tableOf('two\r\nlines', 'a\ttab', '\u001b[31mred\u001b[2J\u0007', '\u202eturned\u202c', 'line\u2028end'),
  ).toEqual([
    '76561197960287930-0  two lines  0',
    '76561197960287930-1  a tab      1',
    '76561197960287930-2  red        2',
    '76561197960287930-3  turned     3',
    '76561197960287930-4  line end   4',
  ]);
});
