import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { migrations } from '@savepoint/adapters/postgres/migrations/all.ts';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const names = migrations.map(({ name }) => name);

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('applies every migration once', async () => {
  expect(await migrate(database.url)).toEqual({ applied: names });
  expect(await migrate(database.url)).toEqual({ applied: [] });
});

test('of several at once one applies all and the others wait and find nothing to do', async () => {
  const results = await Promise.all(Array.from({ length: 5 }, () => migrate(database.url)));
  expect(results.flatMap(({ applied }) => applied)).toEqual(names);
});

test('a migration that fails leaves nothing behind, not even those before it', async () => {
  await query('create table library (id integer)');
  await expect(migrate(database.url)).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  expect(
    await query(`select from information_schema.tables where table_name in ('games', 'schema_migrations')`),
  ).toEqual([]);
});

test('a load that meets an older schema says so, and works once it is migrated', async () => {
  const connection = connectPostgres(async () => database.url);
  try {
    await expect(connection.transaction(async () => 'done')).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_OUTDATED',
      retryable: true,
      operatorHint: expect.stringContaining('npm run migrate'),
    });
    await migrate(database.url);
    expect(await connection.transaction(async () => 'done')).toBe('done');
    await query('delete from schema_migrations');
    await expect(connection.transaction(async () => 'done')).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_OUTDATED',
    });
  } finally {
    await connection.close();
  }
});

test('the schema says who owns which column, and lists what an index serves', async () => {
  await migrate(database.url);
  const comments = await query(`select attname, col_description(attrelid, attnum) as comment from pg_attribute
    where attrelid = 'library_entries'::regclass and attname in ('status', 'notes') order by attname`);
  expect(comments).toEqual([
    { attname: 'notes', comment: expect.stringContaining('Never written by an import') },
    { attname: 'status', comment: expect.stringContaining('Never written by an import') },
  ]);
});
