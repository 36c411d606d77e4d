import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';

export type TestDatabase = { url: string; drop(): Promise<void> };

/**
 * An empty database of its own on the run's PostgreSQL, in about 20 ms.
 * @param template the database to copy; nobody may be connected to it.
 */
export async function createTestDatabase(template = 'template1'): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(testPostgresUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** A database of its own with all tables, still empty. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  await migrate(database.url);
  return database;
}

/** The run's PostgreSQL, as a superuser. */
function testPostgresUrl(): string {
  const url = process.env.TEST_POSTGRES_URL;
  if (url === undefined) throw new Error('No test PostgreSQL: run the tests with npm test.');
  return url;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: testPostgresUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
