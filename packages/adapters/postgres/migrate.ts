import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { connectionConfig } from './connection-config.ts';
import { toDatabaseError } from './database-error.ts';
import { migrations } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import type { Database } from './schema.ts';

const migrationLock = 7_305_808_870;

/**
 * Brings the schema up to date in one transaction: all that is missing, or nothing. Safe to run again and from
 * several places at once; the second waits for the first and finds nothing to do. Where nothing is missing it only
 * reads, so that a role which may not create tables can call it.
 * @returns the names of the migrations that this call applied.
 * @throws DatabaseError
 */
export const migrate = (databaseUrl: string): Promise<{ applied: string[] }> =>
  withClient(databaseUrl, async (client) => {
    if ((await missingMigrations(client)).length === 0) return { applied: [] };
    await client.query('begin');
    const applied = await applyMissing(client);
    await client.query('commit');
    return { applied };
  });

/** The names of the migrations that `migrate` would apply; nothing is changed. @throws DatabaseError */
export const findMissingMigrations = (databaseUrl: string): Promise<{ missing: string[] }> =>
  withClient(databaseUrl, async (client) => ({
    missing: (await missingMigrations(client)).map(({ name }) => name),
  }));

async function withClient<Result>(
  databaseUrl: string,
  use: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(connectionConfig(databaseUrl));
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } catch (thrown) {
    throw toDatabaseError(thrown);
  } finally {
    // Ends an open transaction, too.
    await client.end().catch(() => undefined);
  }
}

async function applyMissing(client: pg.Client): Promise<string[]> {
  await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
  await client.query(`create table if not exists schema_migrations (
    name text primary key, applied_at timestamptz not null default now())`);
  const missing = await missingMigrations(client);
  for (const migration of missing) {
    await client.query(migration.sql);
    await client.query('insert into schema_migrations (name) values ($1)', [migration.name]);
  }
  return missing.map((migration) => migration.name);
}

async function missingMigrations(client: pg.Client): Promise<readonly Migration[]> {
  const { rows: tables } = await client.query<{ found: string | null }>(
    `select to_regclass('schema_migrations')::text as found`,
  );
  if (tables[0]!.found === null) return migrations;
  const { rows } = await client.query<{ name: string }>('select name from schema_migrations');
  const present = new Set(rows.map((row) => row.name));
  return migrations.filter((migration) => !present.has(migration.name));
}

/** Whether the database has every migration that this program knows; it may have newer ones. */
export async function isSchemaCurrent(db: Kysely<Database>): Promise<boolean> {
  const names = migrations.map((migration) => migration.name);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from schema_migrations where name = any(${names})`.execute(db);
  return rows[0]!.count === names.length;
}
