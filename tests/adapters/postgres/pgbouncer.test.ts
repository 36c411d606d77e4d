import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import { findMissingMigrations, migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import { createTestDatabase } from '../../support/database.ts';
import { freePort } from '../../support/free-port.ts';
import { anyTimeDays, importOn, rowOf } from './library-rows.ts';

const isThere = spawnSync('pgbouncer', ['--version']).status === 0;
if (!isThere) console.warn('pgbouncer is not installed: loading through it was NOT tested');
const testWithBouncer = isThere ? test : test.skip;

/** PgBouncer in transaction mode with a single server connection, so that whatever a session kept would show. */
async function startBouncer(databaseUrl: string) {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const directory = await mkdtemp(join(tmpdir(), 'savepoint-pgbouncer-'));
  // It does not run as root, and nobody is who it becomes then.
  await chmod(directory, 0o777);
  const listenPort = await freePort();
  const file = join(directory, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
games = host=${hostname} port=${port} dbname=${pathname.slice(1)} user=${username} password=${decodeURIComponent(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 1
`,
    { mode: 0o644 },
  );
  const asNobody = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const bouncer = spawn('pgbouncer', [...asNobody, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  await new Promise<void>((ready, fail) => {
    bouncer.stderr.on('data', (chunk) => {
      log += chunk;
      if (log.includes('process up')) ready();
    });
    bouncer.on('exit', () => fail(new Error(log)));
  });
  return {
    url: `postgresql://anybody@127.0.0.1:${listenPort}/games`,
    async close() {
      bouncer.removeAllListeners('exit');
      bouncer.kill('SIGINT');
      await once(bouncer, 'exit');
      await rm(directory, { recursive: true });
    },
  };
}

testWithBouncer('migrations and loads at once pass through PgBouncer in transaction mode', async () => {
  const database = await createTestDatabase();
  const bouncer = await startBouncer(database.url);
  const connections = [1, 2, 3].map(() => connectPostgres(async () => bouncer.url));
  try {
    const { applied } = await migrate(bouncer.url);
    expect(applied.length).toBeGreaterThan(0);
    expect(await findMissingMigrations(bouncer.url)).toEqual({ missing: [] });
    const summaries = await Promise.all(
      connections.map((connection, index) =>
        createLibraryLoader(connection, { lateImportDays: anyTimeDays }).loadLibrary(
          libraryKeyOf('enriched', importOn(index + 1)),
          async function* () {
            yield { rows: [rowOf(1), rowOf(2, { game: null })], rejected: 0 };
          },
        ),
      ),
    );
    expect(summaries.map(({ imported_count }) => imported_count)).toEqual([2, 2, 2]);
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
    await bouncer.close();
    await database.drop();
  }
});
