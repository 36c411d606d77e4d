import { readDate } from '@savepoint/core/contracts/cell-date.ts';
import { inHours, isGap, readDecimal, readMinutes, readWhole } from '@savepoint/core/contracts/cell-text.ts';

test.each([
  '',
  ' ',
  '\u00a0',
  'NaN',
  'nan',
  'N/A',
  '#N/A',
  '<NA>',
  'NaT',
  'null',
  'None',
  '-',
  '—',
  '+',
  '=""',
])('%j tells nothing', (text) => {
  expect(isGap(text)).toBe(true);
});

test.each([
  ['597', 597],
  ['597.0', 597],
  ['597,00', 597],
  ['0.000', 0],
  [' 597 ', 597],
  ['\u00a0597\u00a0', 597],
  ["'597", 597],
  ['="597"', 597],
  ['+597', 597],
  ['0597', 597],
  ['1,234', 1234],
  ['1,234.0', 1234],
  ['1 234', 1234],
  ['1\u00a0234', 1234],
  ['1\u202f234', 1234],
  ["1'234", 1234],
  ['1,234,567', 1_234_567],
  ['1.234.567', 1_234_567],
  ['1.234.567,0', 1_234_567],
  ['7.30E+02', 730],
  ['7.30e2', 730],
  ['2147483647', 2_147_483_647],
])('the whole number %j is %d', (text, number) => {
  expect(readWhole(text)).toBe(number);
});

test.each([
  '1.234',
  '597.000',
  '1.5',
  '12,34',
  '1,23,456',
  '4.4E+02',
  '1.09E+06',
  '-5',
  '−5',
  '2147483648',
  '9'.repeat(30),
  '1e99',
  '0x10',
  '1_000',
  '5 apps',
  '1,234 567',
  'Infinity',
])('%j is no certain whole number', (text) => {
  expect(readWhole(text)).toBeUndefined();
});

test('a rounded number is good enough for what is counted, not for what is named', () => {
  expect(readWhole('4.4E+02', true)).toBe(440);
  expect(readWhole('4.4E+00', true)).toBeUndefined();
});

test.each([
  ['4.72', 4.72],
  ['4,72', 4.72],
  ['1.234', 1.234],
  ['1,234.5', 1234.5],
  ['1.234,5', 1234.5],
  ['1 234,5', 1234.5],
  ['1e-7', 1e-7],
  ['1,234', undefined],
  ['-1', undefined],
])('the decimal %j is %p', (text, number) => {
  expect(readDecimal(text)).toBe(number);
});

test.each([
  ['90', 90],
  ['4.4E+02', 440],
  ['90 min', 90],
  ['90 minutes', 90],
  ['4.7 hrs', 282],
  ['4,7 hours', 282],
  ['1 hour', 60],
  ['12h 30m', 750],
  ['12h', 720],
  ['1,234.5 h', 74_070],
  ['4.7E+01 h', 2820],
  ['1,234 h', undefined],
  ['12:30', undefined],
  ['4.72', undefined],
  ['4 days', undefined],
  ['h', undefined],
  ['99999999999 h', undefined],
])('the playtime %j is %p minutes', (text, minutes) => {
  expect(readMinutes(text)).toBe(minutes);
});

test.each([
  ['4.72', 283],
  ['4', 240],
  ['="4"', 240],
  ['4.7 hrs', 282],
  ['30 min', 30],
  ['1,234', undefined],
  ['-4', undefined],
])('%j in a column of hours is %p minutes', (text, minutes) => {
  expect(readMinutes(inHours(text))).toBe(minutes);
});

const at = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts) / 1000;
test.each([
  ['2025-01-30 07:03:20', '2025-01-30', at(2025, 0, 30, 7, 3, 20)],
  ['2025-01-30T07:03:20.123Z', '2025-01-30', at(2025, 0, 30, 7, 3, 20)],
  ['2025-01-30T00:30:00+01:00', '2025-01-30', at(2025, 0, 29, 23, 30)],
  ['2025-01-30T23:30:00-0130', '2025-01-30', at(2025, 0, 31, 1)],
  ['2025-1-30', '2025-01-30', at(2025, 0, 30)],
  ['2025/01/30 7:03', '2025-01-30', at(2025, 0, 30, 7, 3)],
  ['30 Jan 2025', '2025-01-30', at(2025, 0, 30)],
  ['30 January, 2025', '2025-01-30', at(2025, 0, 30)],
  ['Jan 30, 2025 7:03 PM', '2025-01-30', at(2025, 0, 30, 19, 3)],
  ['Jan. 30 2025, 12:03 AM', '2025-01-30', at(2025, 0, 30, 0, 3)],
])('the date %j is read', (text, day, unixSeconds) => {
  expect(readDate(text)).toEqual({ day, unixSeconds });
});

test.each(['01/02/2025', '1.2.2025', '2025-02-29', '2025-13-01', '2025-01-30 24:00', '2025-01-30 13:00 PM'])(
  '%j is no certain date',
  (text) => {
    expect(readDate(text)).toBeUndefined();
  },
);
test.each(['0000-00-00', '30 Foo 2025', '2025', 'yesterday', '2025-01-30 07:60'])('%j is no date', (text) => {
  expect(readDate(text)).toBeUndefined();
});
