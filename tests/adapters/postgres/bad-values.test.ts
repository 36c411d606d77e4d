import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import { databaseImport } from '@savepoint/core/stages/database-import.ts';
import pg from 'pg';
import { gameOf, importOn, type LibraryDatabase, openLibraryDatabase, rowOf } from './library-rows.ts';

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
beforeEach(() => database.empty());
afterAll(() => database.close());

/** The whole stage on one file. */
async function importFile(csv: Uint8Array | string) {
  const rejects: string[] = [];
  const answer = await databaseImport(libraryKeyOf('enriched', importOn(1)), {
    openLibrary: async () =>
      (async function* () {
        yield Buffer.from(csv);
      })(),
    notesOf: async () => ({ rejectedRows: 0, askedAgain: false }),
    publishLibrary: async () => undefined,
    putRejects: async (_key, text) => {
      rejects.push(text);
    },
    dropRejects: async () => undefined,
    ...createLibraryLoader(database.connections[0]!),
  });
  return { answer, rejects };
}

test.each([
  ['a NUL byte', '1,Half\u0000Life,60,0,7,Game,2001-02-03', 'name'],
  ['minutes beyond int4', '1,A,2147483648,0,7,Game,2001-02-03', 'playtime_forever'],
  ['minutes with a fraction', '1,A,1.5,0,7,Game,2001-02-03', 'playtime_forever'],
  ['minutes below zero', '1,A,-1,0,7,Game,2001-02-03', 'playtime_forever'],
  ['a date of zeros', '1,A,60,0,7,Game,0000-00-00', 'release_date'],
  ['a day that no month has', '1,A,60,0,7,Game,2023-02-30', 'release_date'],
  ['an igdb_id beyond int4', '1,A,60,0,4294967296,Game,', 'igdb_id'],
])('%s costs its cell, and the rest loads', async (_name, line, column) => {
  const { answer, rejects } = await importFile(
    `appid,name,playtime_forever,rtime_last_played,igdb_id,igdb_name,release_date\n${line}\n2,Fine,60,0,8,Fine,2001-02-03\n`,
  );
  expect(answer).toMatchObject({ imported_count: 2, rejected: 0, columns: { unread: { [column]: 1 } } });
  expect(rejects).toEqual([]);
  expect(await database.column('select app_id from steam_apps order by 1')).toEqual([1, 2]);
});

test.each([
  ['an appid beyond int4', '3821538777,A,60'],
  ['an appid that a spreadsheet has cut', '1.09E+06,A,60'],
])('%s costs its row, and the rest loads', async (_name, line) => {
  const { answer, rejects } = await importFile(`appid,name,playtime_forever\n${line}\n2,Fine,60\n`);
  expect(answer).toMatchObject({ imported_count: 1, skipped_count: 1, rejected: 1 });
  expect(rejects[0]).toContain('2,appid ');
  expect(await database.column('select title from library')).toEqual(['Fine']);
});

test('the widest values that are allowed do load', async () => {
  const name = '𠮷'.repeat(500);
  const genres = Array.from({ length: 3 }, (_, index) => '体验'.repeat(600) + index).join(',');
  const { answer } = await importFile(
    `appid,name,playtime_forever,rtime_last_played,igdb_id,igdb_name,summary,release_date,genres,igdb_updated_at,game_type\n` +
      `2147483647,${name},2147483647,2147483647,2147483647,"quote "" \\ { } , NULL","two\nlines",9999-12-31,"${genres}",2147483647,2147483647\n` +
      `1,NULL,0,0,1,NULL,,0001-01-01,,,\n`,
  );
  expect(answer).toMatchObject({ imported_count: 2, rejected: 0 });
  expect(
    await database.query('select title, igdb_name, release_date::text from library order by app_id'),
  ).toEqual([
    { title: 'NULL', igdb_name: 'NULL', release_date: '0001-01-01' },
    { title: name, igdb_name: 'quote " \\ { } , NULL', release_date: '9999-12-31' },
  ]);
});

test('two apps of one game share its row; the first speaks for it', async () => {
  const rows = [
    rowOf(1, { game: gameOf(7, { name: 'First' }) }),
    rowOf(2, { game: gameOf(7, { name: 'Second' }) }),
  ];
  expect(await database.load({ importId: importOn(1), rows })).toMatchObject({ matched: 2, new: 2 });
  expect(await database.column('select name from games')).toEqual(['First']);
  expect(await database.column('select igdb_id from library')).toEqual([7, 7]);
});

test('10,000 rows with 270,000 values take six statements beside the transaction itself', async () => {
  const statements: string[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...values: unknown[]) {
    statements.push(String(values[0]));
    return Reflect.apply(query, this, values);
  } as typeof query;
  try {
    const rows = Array.from({ length: 10_000 }, (_, index) => rowOf(index + 1));
    expect(await database.load({ importId: importOn(1), rows })).toMatchObject({ new: 10_000 });
  } finally {
    pg.Client.prototype.query = query;
  }
  const control =
    /^\s*(begin|commit|select set_config|select pg_advisory_xact_lock|select count.*schema_migrations)/is;
  expect(statements.filter((text) => !control.test(text))).toHaveLength(6);
  expect(statements.filter((text) => /temp/i.test(text))).toEqual([]);
});

test('overlapping libraries in opposite orders load at the same time without a deadlock', async () => {
  const rows = Array.from({ length: 300 }, (_, index) => rowOf(index + 1));
  for (let round = 1; round <= 5; round++) {
    const changed = rows.map((row) => ({ ...row, name: `Round ${round}` }));
    const summaries = await Promise.all([
      database.load({ importId: importOn(round), rows: changed }, database.connections[0]),
      database.load(
        { importId: importOn(round, '76561197960287931'), rows: changed.toReversed() },
        database.connections[1],
      ),
    ]);
    for (const { imported_count } of summaries) expect(imported_count).toBe(300);
  }
});
