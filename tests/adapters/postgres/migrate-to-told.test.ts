import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { migrations } from '@savepoint/adapters/postgres/migrations/all.ts';
import { libraries } from '@savepoint/adapters/postgres/migrations/0001-libraries.ts';
import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { gameOf, rowOf } from './library-rows.ts';

const steady = '76561197960287930';
const frozen = '76561197960287931';

/** As the version before left them: two imports of one person, and one of the future before two others of another. */
const rowsOfBefore = `
  insert into games (igdb_id, name) values (7, 'Portal'), (8, 'Never mentioned');
  insert into genres (igdb_id, name) values (5, 'Shooter'), (null, 'Cosy');
  insert into steam_apps (app_id, name, classification, match_status, game_id)
    values (1, 'One', 'game', 'MATCHED', 1), (2, 'Two', 'game', 'PENDING', null);
  insert into imports (import_id, steam_id, imported_at, s3_key, imported_count, skipped_count, matched, unmatched,
    pending, ignored, rejected, new, changed, unchanged, gone, stale, loaded_at)
  select import_id, left(import_id, 17), imported_at::timestamptz, 'enriched/x.csv', 2, 0, 1, 0, 1, 0, 0, 2, 0, 0, 0, false, loaded_at::timestamptz
  from (values
    ('${steady}-2026-01-01', '2026-01-01', '2026-01-01 01:00'),
    ('${steady}-2026-01-02', '2026-01-02', '2026-01-02 01:00'),
    ('${frozen}-2062-01-01', '2062-01-01', '2026-01-03 01:00'),
    ('${frozen}-2026-01-04', '2026-01-04', '2026-01-04 01:00'),
    ('${frozen}-2026-01-05', '2026-01-05', '2026-01-05 01:00')
  ) as one(import_id, imported_at, loaded_at);
  insert into import_contents values
    ('${steady}-2026-01-01', '{1}', '{2}', '{7}', '{5}', '{}'),
    ('${steady}-2026-01-02', '{1}', '{}', '{7}', '{5}', '{}'),
    ('${frozen}-2062-01-01', '{1,2}', '{}', '{7}', '{5}', '{}'),
    ('${frozen}-2026-01-04', '{1}', '{2}', '{7}', '{5}', '{}'),
    ('${frozen}-2026-01-05', '{1}', '{}', '{7}', '{5}', '{}');
  insert into library_entries (steam_id, app_id, playtime_minutes, last_played_at, last_seen_import_id, gone, status) values
    ('${steady}', 1, 50, null, null, false, 'finished'),
    ('${steady}', 2, 0, '2020-01-01', '${steady}-2026-01-01', true, null),
    ('${frozen}', 1, 10, null, null, false, null),
    ('${frozen}', 2, 10, null, null, false, null);`;

let database: TestDatabase;
let client: pg.Client;
beforeEach(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(libraries.sql);
  await client.query(`create table schema_migrations (name text primary key, applied_at timestamptz default now());
    insert into schema_migrations (name) values ('${libraries.name}')`);
  await client.query(rowsOfBefore);
  expect(await migrate(database.url)).toEqual({ applied: migrations.slice(1).map(({ name }) => name) });
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const query = async (text: string) => (await client.query(text)).rows;

async function load(importId: string, rows: EnrichedRow[]) {
  const connection = connectPostgres(async () => database.url);
  try {
    return await createLibraryLoader(connection, { lateImportDays: 100_000 }).loadLibrary(
      libraryKeyOf('enriched', importId),
      async function* () {
        yield { rows, rejected: 0 };
      },
    );
  } finally {
    await connection.close();
  }
}

test('what is stored counts as told, when the newest import that spoke of it was made', async () => {
  expect(await query(`select name, learnt_at::date::text from games order by id`)).toEqual([
    { name: 'Portal', learnt_at: '2026-01-05' },
    { name: 'Never mentioned', learnt_at: '1970-01-01' },
  ]);
  expect(
    await query(
      'select app_id, classification_source, learnt_at::date::text, named_at::date::text from steam_apps order by app_id',
    ),
  ).toEqual([
    { app_id: 1, classification_source: 'file', learnt_at: '2026-01-05', named_at: '2026-01-05' },
    { app_id: 2, classification_source: 'file', learnt_at: null, named_at: '2026-01-03' },
  ]);
  expect(
    await query(
      `select right(import_id, 10) as import, told, ids from import_contents where import_id like '${steady}%' order by 1, 2`,
    ),
  ).toEqual([
    { import: '2026-01-01', told: 1, ids: [1] },
    { import: '2026-01-01', told: 129, ids: [2] },
    { import: '2026-01-02', told: 1, ids: [1] },
  ]);
});

test('an older import that comes late fills what is empty and overwrites nothing', async () => {
  await load(`${steady}-2025-12-31`, [
    rowOf(1, {
      name: 'Old',
      playtimeMinutes: 3,
      lastPlayedAt: 1_500_000_000,
      game: gameOf(7, { name: 'Old' }),
    }),
  ]);
  expect(
    await query(
      `select title, igdb_name, igdb_slug, playtime_minutes, last_played_at, status from library where steam_id = '${steady}' and app_id = 1`,
    ),
  ).toEqual([
    {
      title: 'One',
      igdb_name: 'Portal',
      igdb_slug: 'game-7',
      playtime_minutes: 50,
      last_played_at: new Date(1_500_000_000_000),
      status: 'finished',
    },
  ]);
});

test('a library that an import of the future froze thaws', async () => {
  const entries = `select app_id, playtime_minutes, right(last_seen_import_id, 10) as last_seen, gone from library_entries where steam_id = '${frozen}' order by app_id`;
  expect(await query(entries)).toEqual([
    { app_id: 1, playtime_minutes: 10, last_seen: null, gone: false },
    { app_id: 2, playtime_minutes: 10, last_seen: '2026-01-04', gone: true },
  ]);
  expect(await load(`${frozen}-2026-01-06`, [rowOf(1, { playtimeMinutes: 90 })])).toMatchObject({
    stale: false,
  });
  expect(await query(entries)).toMatchObject([
    { playtime_minutes: 90 },
    { playtime_minutes: 10, gone: true },
  ]);
});
