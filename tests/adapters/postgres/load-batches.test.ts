import { setTimeout as delay } from 'node:timers/promises';
import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import type { LoadBatch, LoadSummary } from '@savepoint/core/stages/database-import.ts';
import pg from 'pg';
import { gameOf, importOn, type LibraryDatabase, openLibraryDatabase, rowOf } from './library-rows.ts';

let database: LibraryDatabase;
let other: pg.Client;
beforeAll(async () => {
  database = await openLibraryDatabase();
  other = new pg.Client({ connectionString: database.url });
  await other.connect();
});
beforeEach(() => database.empty());
afterAll(async () => {
  await other.end();
  await database.close();
});

const library = libraryKeyOf('enriched', importOn(1));
const load = (readBatches: () => AsyncIterable<LoadBatch>) =>
  createLibraryLoader(database.connections[0]!).loadLibrary(library, readBatches);
const batch = (rows: readonly EnrichedRow[], rejected = 0): LoadBatch => ({ rows, rejected });

/** Loads while the links of the first batch cannot be written; that becomes possible once `moment` is there. */
async function loadHeldUp(
  readBatches: () => AsyncIterable<LoadBatch>,
  moment: Promise<void>,
): Promise<LoadSummary> {
  await other.query('begin; lock table game_genres in exclusive mode');
  const loading = load(readBatches);
  await moment;
  await other.query('commit');
  return loading;
}

test('a game that several batches name has one row, and the first speaks for it', async () => {
  const summary = await load(async function* () {
    yield batch([rowOf(1, { game: gameOf(7, { name: 'First' }) }), rowOf(2)], 1);
    yield batch([], 2);
    yield batch([rowOf(3, { game: gameOf(7, { name: 'Second' }) }), rowOf(4, { game: null })]);
  });
  expect(summary).toMatchObject({ matched: 3, unmatched: 1, rejected: 3, new: 4 });
  expect(await database.query('select app_id, igdb_id, igdb_name from library order by app_id')).toEqual([
    { app_id: 1, igdb_id: 7, igdb_name: 'First' },
    { app_id: 2, igdb_id: 2, igdb_name: 'Game 2' },
    { app_id: 3, igdb_id: 7, igdb_name: 'First' },
    { app_id: 4, igdb_id: null, igdb_name: null },
  ]);
});

test('a file is read while another load has the lock', async () => {
  const hasLock = Promise.withResolvers<void>();
  const wasRead = Promise.withResolvers<string>();
  const holding = database.connections[1]!.transaction(async () => {
    hasLock.resolve();
    return Promise.race([wasRead.promise, delay(5000, 'not read')]);
  });
  await hasLock.promise;
  const loading = load(async function* () {
    wasRead.resolve('read');
    yield batch([rowOf(1)]);
  });
  expect(await holding).toBe('read');
  expect(await loading).toMatchObject({ new: 1 });
});

test('a load that begins anew reads its file anew', async () => {
  let readings = 0;
  const summary = await load(async function* () {
    readings += 1;
    yield batch([rowOf(1)]);
    if (readings === 1)
      await other.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`,
      );
    yield batch([rowOf(2)]);
  });
  expect(summary).toMatchObject({ new: 2 });
  expect(readings).toBe(2);
});

test('the next batch is read while PostgreSQL writes the last one', async () => {
  const nextWasRead = Promise.withResolvers<void>();
  const summary = await loadHeldUp(async function* () {
    yield batch([rowOf(1)]);
    nextWasRead.resolve();
    yield batch([rowOf(2)]);
  }, nextWasRead.promise);
  expect(summary).toMatchObject({ new: 2 });
});

test('when reading fails while PostgreSQL writes, nothing is written, then or later', async () => {
  const failed = Promise.withResolvers<void>();
  const loading = loadHeldUp(async function* () {
    yield batch([rowOf(1)]);
    failed.resolve();
    throw new ValidationError('CSV_NOT_UTF8', 'The file is not UTF-8.');
  }, failed.promise);
  await expect(loading).rejects.toMatchObject({ code: 'CSV_NOT_UTF8' });
  await database.connections[0]!.transaction(async () => undefined);
  expect(await database.column('select count(*)::int from games')).toEqual([0]);
  expect(await database.column('select count(*)::int from library_entries')).toEqual([0]);
});

test('when writing fails, no further batch is written and the failure comes through', async () => {
  const batches: number[] = [];
  const loading = load(async function* () {
    for (let appId = 1; appId <= 5; appId++) {
      batches.push(appId);
      yield batch([rowOf(appId, { playtimeMinutes: appId === 2 ? 2 ** 31 : 0 })]);
    }
  });
  await expect(loading).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  expect(batches.length).toBeLessThan(5);
  expect(await database.column('select count(*)::int from games')).toEqual([0]);
});
