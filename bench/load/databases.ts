import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { startEmbeddedPostgres } from '@savepoint/local/embedded/postgres.ts';

export type Databases = {
  /** A migrated, empty database for one run; dropped afterwards. */
  use<Result>(work: (url: string, client: pg.Client) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

/** A PostgreSQL of its own, with the settings of production: nothing is bought with durability. */
export async function startDatabases(): Promise<Databases> {
  const dataDir = await mkdtemp(join(tmpdir(), 'savepoint-bench-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const administer = (statement: string) =>
    withClient(server.databaseUrl, (client) => client.query(statement));
  const urlOf = (name: string) => Object.assign(new URL(server.databaseUrl), { pathname: `/${name}` }).href;
  await administer('create database migrated');
  await migrate(urlOf('migrated'));
  return {
    async use(work) {
      const name = `bench_${randomUUID().replaceAll('-', '')}`;
      await administer(`create database ${name} template migrated`);
      try {
        return await withClient(urlOf(name), (client) => work(urlOf(name), client));
      } finally {
        await administer(`drop database ${name} with (force)`);
        await administer('checkpoint');
      }
    },
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function withClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
