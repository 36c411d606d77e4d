import { addressList, nameList } from '@savepoint/core/contracts/text-list.ts';
import { optionalIdList, percent } from '@savepoint/core/contracts/cells.ts';
import fc from 'fast-check';
import * as v from 'valibot';

const cells = { nameList, addressList, optionalIdList, percent };

test.each([
  ['nameList', ['Action', 'Open world'], 'Action|Open world'],
  ['nameList', ['  A|B ', 'A/B', '', 'N/A', 7, null, 'C\nD'], 'A/B|C D'],
  ['nameList', [], null],
  ['nameList', 'Action', null],
  ['nameList', undefined, null],
  [
    'addressList',
    ['https://a.example/b|c', 'ftp://a.example', 'https://a b', 'http://ü.example'],
    'https://a.example/b%7Cc',
  ],
  ['optionalIdList', [2, 5], '2|5'],
  ['optionalIdList', [], '0'],
  ['optionalIdList', undefined, null],
  ['optionalIdList', [2, '5'], null],
  ['percent', 89.345_678, 89.35],
  ['percent', 0, 0],
  ['percent', 100.5, null],
  ['percent', '89', null],
] as const)('%s of %j is written as %j', (name, json, written) => {
  const cell = cells[name];
  const value = v.parse(cell.fromJson, json);
  expect((cell.write as (value: unknown) => unknown)(value)).toBe(written);
  // And read as the same.
  expect(v.parse(cell.fromText, written === null ? '' : String(written))).toEqual(value);
});

test('whatever an API tells, the file tells the same', () => {
  for (const cell of Object.values(cells))
    fc.assert(
      fc.property(
        fc.oneof(fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.integer())), fc.double()),
        (json) => {
          const value = v.parse(cell.fromJson, json);
          const written = (cell.write as (value: unknown) => string | number | null)(value);
          expect(v.parse(cell.fromText, written === null ? '' : String(written))).toEqual(value);
        },
      ),
    );
});

test('no more than fifty names, and none of more than two hundred characters', () => {
  const names = Array.from({ length: 60 }, (_, index) => `${index}${'x'.repeat(300)}`);
  const list = v.parse(nameList.fromJson, names)!;
  expect([list.length, Math.max(...list.map(({ length }) => length))]).toEqual([50, 200]);
});

test.each(['1|x', '-1', '1|2,5'])('a list of ids such as %p cannot be read', (text) => {
  expect(v.safeParse(optionalIdList.fromText, text).success).toBe(false);
});
