import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import Papa from 'papaparse';
import { readCsv, writeCsvRows } from '@savepoint/core/contracts/csv.ts';
import { chunksOf, collect } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';

const columns = ['appid', 'name', 'note'].map((name) => ({ name }));

async function read(file: string | Uint8Array, chunkBytes?: number) {
  const records: { line: number; values: Record<string, string> }[] = [];
  const rejects: { line: number; reason: string; record: string }[] = [];
  for await (const batch of readCsv(chunksOf(file, chunkBytes), columns)) {
    for (const { line, values } of batch.records) records.push({ line, values: { ...values } });
    rejects.push(...batch.rejects);
  }
  return { records, rejects };
}
const valuesOf = async (file: string | Uint8Array, chunkBytes?: number) =>
  (await read(file, chunkBytes)).records.map(({ values }) => values);

test('columns are found by name: in any order, with unknown ones, without optional ones', async () => {
  expect(await valuesOf('NAME , extra,appid\nDota 2,x,570\n')).toEqual([{ appid: '570', name: 'Dota 2' }]);
});

test.each([
  ['a BOM', '\ufeffappid,name\n570,Dota 2\n'],
  ['\\r\\n', 'appid,name\r\n570,Dota 2\r\n'],
  ['\\r alone', 'appid,name\r570,Dota 2\r'],
  ['no last line end', 'appid,name\n570,Dota 2'],
  ['empty lines', '\n\nappid,name\n\n570,Dota 2\n\n\n'],
  ['quotes around everything', '"appid","name"\n"570","Dota 2"\n'],
])('a file with %s is read, however it is cut into chunks', async (_what, file) => {
  for (const chunkBytes of [1, 2, 3, 7, 1000])
    expect(await valuesOf(file, chunkBytes)).toEqual([{ appid: '570', name: 'Dota 2' }]);
});

test('a field may hold lines, quotes and commas, and the lines after it keep their numbers', async () => {
  const file = 'appid,name\n1,"two\r\nlines, ""quoted"""\n2,next\n';
  for (const chunkBytes of [1, 5, 1000])
    expect((await read(file, chunkBytes)).records).toEqual([
      { line: 2, values: { appid: '1', name: 'two\nlines, "quoted"' } },
      { line: 4, values: { appid: '2', name: 'next' } },
    ]);
});

test.each([
  ['is empty', '', 'CSV_NO_HEADER', 'no header row'],
  ['has only empty lines', '\n\r\n', 'CSV_NO_HEADER', 'no header row'],
  [
    'has no header',
    '570,Dota 2\n730,CS\n',
    'CSV_HEADER_INVALID',
    'lacks the column appid; it begins with “570,Dota 2”',
  ],
  ['has a wrong header', 'id,title\n570,Dota 2\n', 'CSV_HEADER_INVALID', 'lacks the column appid'],
  ['has nothing but a sep= line', 'sep=;\n', 'CSV_NO_HEADER', 'no header row'],
  [
    'is separated by something else',
    'appid|name\n570|Dota 2\n',
    'CSV_HEADER_INVALID',
    'separated by commas, semicolons or tabs',
  ],
  ['names a column twice', 'appid,name,AppID\n1,a,2\n', 'CSV_HEADER_INVALID', 'names the column appid twice'],
  [
    'never closes a quote of its header',
    'appid,"name\n1,a\n',
    'CSV_HEADER_INVALID',
    'quote that is never closed',
  ],
  [
    'is Latin-1',
    Buffer.from('appid,name\n1,Pok\xe9mon\n', 'latin1'),
    'CSV_NOT_UTF8',
    'not UTF-8. It may be Windows-1252',
  ],
  [
    'is UTF-16 without its mark',
    Buffer.from('appid,name\n', 'utf16le'),
    'CSV_NOT_UTF8',
    'UTF-16 without a byte order mark',
  ],
  [
    'is half UTF-16',
    Buffer.from('\ufeffappid,name\n1,\ud83c', 'utf16le'),
    'CSV_NOT_UTF8',
    'claims to be UTF-16',
  ],
  ['is gzip', gzipSync('appid,name\n1,one\n'), 'CSV_COMPRESSED', 'gzip'],
  ['is a workbook', Buffer.from('PK\u0003\u0004…'), 'CSV_COMPRESSED', 'Excel workbook'],
  ['ends within a character', Buffer.from('appid,name\n1,é').subarray(0, -1), 'CSV_NOT_UTF8', 'not UTF-8'],
])('a file that %s is refused', async (_what, file, code, message) => {
  const failure = await failureOf(() => read(file));
  expect(failure).toMatchObject({ code, retryable: false, message: expect.stringContaining(message) });
});

test('a byte that is no UTF-8 in the middle of a large file refuses the file', async () => {
  const row = '570,Dota 2\n'.repeat(100_000);
  const file = Buffer.concat([Buffer.from(`appid,name\n${row}`), Buffer.from([0xff]), Buffer.from(row)]);
  expect((await failureOf(() => read(file))).code).toBe('CSV_NOT_UTF8');
});

test.each([
  ['quotes', 'appid,name\n1,"open\n2,"two, quoted"\n3,three\n', [2], [2, 3]],
  ['no quotes', 'appid,name\n1,"open\n2,two\n3,three\n', [2], [2, 3]],
  ['lines of its own', 'appid,name\n1,"open\n2,"a\nb"\n3,"c"\n', [2], [2, 3]],
  ['the same fault', 'appid,name\n1,"open\n2,"open\n3,three\n', [2, 3], [3]],
])(
  'a quote that is never closed costs its own line alone where %s follow',
  async (_what, file, rejected, taken) => {
    for (const chunkBytes of [1, 3, 1000]) {
      const { records, rejects } = await read(file, chunkBytes);
      expect(rejects.map(({ line }) => line)).toEqual(rejected);
      expect(records.map(({ values }) => Number(values.appid))).toEqual(taken);
    }
  },
);

test('a quote that is never closed early in a large file loses none of the rows behind it', async () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => `${index + 2},"Game, ${index}"\n`).join('');
  const { records, rejects } = await read(`appid,name\n1,"open\n${rows}`);
  expect(rejects).toEqual([expect.objectContaining({ line: 2, record: '1,"open' })]);
  expect(records).toHaveLength(60_000);
  expect(records.at(-1)).toEqual({ line: 60_002, values: { appid: '60001', name: 'Game, 59999' } });
});

test('a row without an end is refused once, and the row behind it keeps its number', async () => {
  const { records, rejects } = await read(`appid,name\n1,${'x'.repeat(3 * 1024 * 1024)}\n2,two\n`);
  expect(rejects.map(({ line, record }) => [line, record.length])).toEqual([[2, 500]]);
  expect(records).toEqual([{ line: 3, values: { appid: '2', name: 'two' } }]);
});

test('what is quotes all over is no CSV', async () => {
  const failure = await failureOf(() => read(`appid,name\n${'1,"a"b\n'.repeat(1200)}`));
  expect(failure.code).toBe('CSV_MALFORMED');
});

test('a row longer than the header is refused with its line, unless what is too much is empty', async () => {
  const { records, rejects } = await read('appid,name\n1\n2,two,,\n3,three,more\n');
  expect(rejects).toEqual([
    { line: 4, reason: 'the row has 3 values where the header names 2 columns', record: '3,three,more' },
  ]);
  expect(records).toEqual([
    { line: 2, values: { appid: '1', name: '' } },
    { line: 3, values: { appid: '2', name: 'two' } },
  ]);
});

test('blank rows are neither read nor refused, and the rows behind them keep their numbers', async () => {
  expect(await read(',,\nappid,name\n,\n1,one\n , ,\n;;\n2,two\n,\n')).toEqual({
    records: [
      { line: 4, values: { appid: '1', name: 'one' } },
      { line: 6, values: { appid: ';;', name: '' } },
      { line: 7, values: { appid: '2', name: 'two' } },
    ],
    rejects: [],
  });
});

test.each([
  ['semicolons', 'appid;name\n1;Mount & Blade, Warband\n'],
  ['tabs', 'appid\tname\n1\tMount & Blade, Warband\n'],
  ['quotes and tabs', '"appid"\t"name"\n"1"\t"Mount & Blade, Warband"\n'],
  ['a sep= line', 'sep=;\r\nappid;name\r\n1;Mount & Blade, Warband\r\n'],
  ['a sep= line of its own', '"sep=|"\n\nappid|name\n1|Mount & Blade, Warband\n'],
  ['a sep= line with a tab', 'sep=\t\nappid\tname\n1\tMount & Blade, Warband\n'],
  ['spaces before quotes', 'appid, name\n1, "Mount & Blade, Warband"\n'],
])('a file with %s is read, however it is cut into chunks', async (_what, file) => {
  const expected = [{ appid: '1', name: 'Mount & Blade, Warband' }];
  for (const chunkBytes of [1, 3, 1000]) expect(await valuesOf(file, chunkBytes)).toEqual(expected);
  for (const bytes of [utf16le(file), utf16be(file)])
    for (const chunkBytes of [1, 3, 1000]) expect(await valuesOf(bytes, chunkBytes)).toEqual(expected);
});

const utf16le = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();

test('of several names of a column the best one counts, and the others are left aside', async () => {
  const aliased = [
    { name: 'appid', aliases: { same: ['steam appid'], weak: ['id'] } },
    { name: 'minutes', aliases: { same: ['min'], inHours: ['hours'] } },
  ];
  const columnsOf = async (header: string) => {
    const [batch] = await collect(readCsv(chunksOf(`${header}\n1,2,3\n`), aliased));
    return batch!.header.columns.map((column) => column && [column.name, column.inHours].join(' '));
  };
  expect(await columnsOf('id,App_ID,hours')).toEqual([null, 'appid false', 'minutes true']);
  expect(await columnsOf('Hours,ID,min')).toEqual([null, 'appid false', 'minutes false']);
  expect(await columnsOf('App ID,appid,x')).toEqual([null, 'appid false', null]);
  expect((await failureOf(() => columnsOf('App ID,Steam AppID,x'))).message).toContain(
    'names the column appid twice: as “App ID” and as “Steam AppID”',
  );
});

test('columns named like parts of an object are columns', async () => {
  const odd = ['appid', '__proto__', 'constructor'].map((name) => ({ name }));
  const batches = await collect(readCsv(chunksOf('__proto__,appid,constructor\nx,1,y\n'), odd));
  expect(batches.flatMap(({ records }) => records.flatMap(({ values }) => Object.entries(values)))).toEqual([
    ['__proto__', 'x'],
    ['appid', '1'],
    ['constructor', 'y'],
  ]);
  expect(await valuesOf('__proto__,appid\nx,1\n')).toEqual([{ appid: '1' }]);
});

test('whatever is written is read again, however it is cut into chunks', async () => {
  const alphabet = [
    'a',
    '"',
    ',',
    '\n',
    ' ',
    '|',
    'é',
    '漢',
    '🎮',
    '\u0000',
    '\ufeff',
    '=',
    '#',
    "'",
    ';',
    '\t',
  ];
  const field = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 });
  // A first field that is never blank: an empty line is no row.
  const row = fc.tuple(fc.nat(), field, field);
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 20 }),
      fc.integer({ min: 1, max: 40 }),
      async (rows, chunkBytes) => {
        const file = writeCsvRows([['appid', 'name', 'note'], ...rows]);
        const { records, rejects } = await read(file, chunkBytes);
        expect(rejects).toEqual([]);
        expect(records.map(({ values }) => [Number(values.appid), values.name, values.note])).toEqual(rows);
      },
    ),
    { numRuns: 300 },
  );
});

test('no input at all is lost without a word: each line is read, refused or blank, or the file is refused', async () => {
  const alphabet = ['1', '2', ',', '"', '\n', '\r', 'x'];
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 60 }),
      fc.integer({ min: 1, max: 9 }),
      async (body, chunkBytes) => {
        const file = `appid,name\n${body}`;
        const whole = await read(file);
        expect(await read(file, chunkBytes)).toEqual(whole);
        const lines = [...whole.records, ...whole.rejects].map(({ line }) => line).sort((a, b) => a - b);
        expect(new Set(lines).size).toBe(lines.length);
        const first = file.split(/\r\n?|\n/).findIndex((line, index) => index > 0 && /[^\s,]/.test(line));
        if (first !== -1 && !/^[\s,"]*$/.test(file.split(/\r\n?|\n/)[first]!))
          expect(lines[0]).toBe(first + 1);
      },
    ),
    { numRuns: 500 },
  );
});

test('a file of 100,000 rows is handed on while it is read', async () => {
  let produced = 0;
  async function* file() {
    yield Buffer.from('appid,name\n');
    for (produced = 0; produced < 100_000; produced += 1000)
      yield Buffer.from(
        Array.from({ length: 1000 }, (_, index) => `${produced + index},"Game, ${index}"\n`).join(''),
      );
  }
  let rows = 0;
  for await (const { records } of readCsv(file(), columns)) {
    rows += records.length;
    // Never more than the chunk in hand is ahead of the reader.
    expect(produced - rows).toBeLessThanOrEqual(1000);
    expect(records.length).toBeLessThanOrEqual(1001);
  }
  expect(rows).toBe(100_000);
});

test.each([
  ['a long field', `appid,name\n570,"${'Dota\n'.repeat(100_000)}"\n440,TF2\n`, 2],
  ['a field that is never closed', `appid,name\n570,"${'Dota '.repeat(300_000)}\n440,TF2\n`, 1],
])('%s that comes in small pieces is not read anew with each of them', async (_what, file, rows) => {
  const whole = await read(file);
  expect(whole.records).toHaveLength(rows);
  const { Parser } = Papa;
  let charsRead = 0;
  Papa.Parser = class extends Parser {
    constructor(config: Papa.ParseConfig) {
      super(config);
      const { parse } = this;
      this.parse = (input, ...rest) => {
        charsRead += input.length;
        return parse(input, ...rest);
      };
    }
  };
  try {
    expect(await read(file, 64)).toEqual(whole);
  } finally {
    Papa.Parser = Parser;
  }
  expect(charsRead).toBeGreaterThan(file.length / 2);
  expect(charsRead).toBeLessThan(20 * file.length);
});
