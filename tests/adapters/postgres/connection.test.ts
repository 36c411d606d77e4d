import { connectPostgres, type DatabaseUrl } from '@savepoint/adapters/postgres/connection.ts';
import { connectionConfig } from '@savepoint/adapters/postgres/connection-config.ts';
import { type PipelineError, ValidationError } from '@savepoint/core/errors.ts';
import { sql } from 'kysely';
import pg from 'pg';
import { createMigratedDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let administrator: pg.Client;
beforeAll(async () => {
  database = await createMigratedDatabase();
  administrator = new pg.Client({ connectionString: database.url });
  await administrator.connect();
});
afterAll(async () => {
  await administrator.end();
  await database.drop();
});

/** Runs `work` on a connection that is closed in any case. */
async function withConnection<Result>(
  databaseUrl: DatabaseUrl,
  work: (connection: ReturnType<typeof connectPostgres>) => Promise<Result>,
): Promise<Result> {
  const connection = connectPostgres(databaseUrl);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
const failureOf = (promise: Promise<unknown>): Promise<PipelineError> =>
  promise.then(
    () => Promise.reject(new Error('It should have failed.')),
    (error) => error,
  );
const backendOf = sql<{ pid: number }>`select pg_backend_pid() as pid`;
const kill = (pid: number) => administrator.query('select pg_terminate_backend($1)', [pid]);

test('a connection that died while idle is made again', async () => {
  await withConnection(
    async () => database.url,
    async (connection) => {
      const pidOf = () => connection.transaction(async (trx) => (await backendOf.execute(trx)).rows[0]!.pid);
      const first = await pidOf();
      expect(await pidOf()).toBe(first);
      await kill(first);
      expect(await pidOf()).not.toBe(first);
    },
  );
});

test('a connection that dies halfway repeats the whole work once', async () => {
  await withConnection(
    async () => database.url,
    async (connection) => {
      const begun: number[] = [];
      const result = await connection.transaction(async (trx) => {
        const { pid } = (await backendOf.execute(trx)).rows[0]!;
        begun.push(pid);
        if (begun.length === 1) await kill(pid);
        await backendOf.execute(trx);
        return 'done';
      });
      expect([result, begun.length]).toEqual(['done', 2]);
      const always = connection.transaction(async (trx) => {
        await kill((await backendOf.execute(trx)).rows[0]!.pid);
        await backendOf.execute(trx);
      });
      expect(await failureOf(always)).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
    },
  );
});

test('a password that was rotated is fetched again, once', async () => {
  const role = `reader_${process.pid}_${Math.random().toString(36).slice(2)}`;
  await administrator.query(`create role ${role} superuser login password 'new-secret'`);
  try {
    const urlWith = (password: string) =>
      Object.assign(new URL(database.url), { username: role, password }).href;
    const asked: boolean[] = [];
    const rotated: DatabaseUrl = async (options) => {
      asked.push(options?.refresh ?? false);
      return urlWith(options?.refresh ? 'new-secret' : 'old-secret');
    };
    await withConnection(rotated, async (connection) => {
      expect(await connection.transaction(async () => 'in')).toBe('in');
      expect(asked).toEqual([false, true]);
    });
    const wrong = withConnection(
      async () => urlWith('never-right'),
      (connection) => connection.transaction(async () => 'in'),
    );
    const error = await failureOf(wrong);
    expect(error).toMatchObject({ code: 'DATABASE_AUTH_FAILED', retryable: true });
    expect(everythingOf(error)).not.toContain('never-right');
  } finally {
    await administrator.query(`drop role ${role}`);
  }
});

/** An error and its causes with every property, as the most talkative log would print it. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  const own = Object.getOwnPropertyNames(error).map((name) => everythingOf(Reflect.get(error, name)));
  return [error.message, ...own].join('\n');
}

test('a deadlock is repeated a few times, then left to the queue', async () => {
  await withConnection(
    async () => database.url,
    async (connection) => {
      let tries = 0;
      const conflict = (until: number) =>
        connection.transaction(async (trx) => {
          tries += 1;
          if (tries < until) await sql`do $$ begin raise sqlstate '40P01'; end $$`.execute(trx);
          return tries;
        });
      expect(await conflict(3)).toBe(3);
      tries = 0;
      expect(await failureOf(conflict(99))).toMatchObject({ code: 'DATABASE_CONFLICT', retryable: true });
      expect(tries).toBe(4);
    },
  );
});

test('what the work throws comes through as it is, and nothing stays written', async () => {
  await withConnection(
    async () => database.url,
    async (connection) => {
      const failure = connection.transaction(async (trx) => {
        await sql`insert into genres (name) values ('Ghost')`.execute(trx);
        throw new ValidationError('CSV_NOT_UTF8', 'The file is not UTF-8.');
      });
      expect(await failureOf(failure)).toMatchObject({ code: 'CSV_NOT_UTF8', retryable: false });
      expect((await administrator.query('select from genres')).rowCount).toBe(0);
    },
  );
});

test('nobody listens there: the database is unavailable', async () => {
  const error = await failureOf(
    withConnection(
      async () => 'postgresql://me:hidden-secret@127.0.0.1:1/games',
      (connection) => connection.transaction(async () => 'in'),
    ),
  );
  expect(error).toMatchObject({ code: 'DATABASE_UNAVAILABLE', retryable: true });
  expect(everythingOf(error)).not.toContain('hidden-secret');
});

test.each([
  ['postgresql://me:p%40ss@localhost/games', { host: 'localhost', port: 5432, password: 'p@ss', ssl: false }],
  ['postgres://me@[::1]:6543/games', { host: '::1', port: 6543, user: 'me', ssl: false }],
  [
    'postgresql:///games?host=/var/run/postgresql',
    { host: '/var/run/postgresql', database: 'games', ssl: false },
  ],
  ['postgresql://me:pw@/games?host=/run/pg&port=6543', { host: '/run/pg', port: 6543, password: 'pw' }],
  ['postgresql://%2Frun%2Fpg/games', { host: '/run/pg', ssl: false }],
  ['postgresql://me:p@s:s@localhost/games', { user: 'me', password: 'p@s:s', host: 'localhost' }],
  ['postgresql://me:p%23%2F%3F%40s@localhost/games', { password: 'p#/?@s' }],
  [' postgresql://me@localhost/games\n', { host: 'localhost', database: 'games' }],
  [
    'postgresql://me@localhost/games?options=-c%20geqo%3Doff&search_path=a,b%20c',
    { options: '-c geqo=off -c search_path=a,b\\ c' },
  ],
  ['postgresql://me@db.example.com/games', { ssl: { rejectUnauthorized: true } }],
  ['postgresql://me@10.0.0.5/games?sslmode=prefer', { ssl: { rejectUnauthorized: true } }],
  ['postgresql://me@db.example.com/games?sslmode=require', { ssl: { rejectUnauthorized: false } }],
  ['postgresql://me@localhost/games?sslmode=verify-full', { ssl: { rejectUnauthorized: true } }],
])('%s', (url, expected) => {
  expect(connectionConfig(url)).toMatchObject(expected);
});

test.each([
  ['me:hidden-secret@db.example.com/games'],
  ['https://me:hidden-secret@db.example.com/games'],
  ['postgresql://me:hidden-secret%@localhost/games'],
  ['postgresql://me:hidden-secret@db.example.com/games?sslmode=disable'],
  ['postgresql://me:hidden-secret@one,two/games'],
  ['postgresql://me:hidden-secret@db.example.com:port/games'],
  ['postgresql://me:1234/hidden-secret@localhost/games', '%2F'],
  ['postgresql://me:hidden-secret#x@localhost/games', '%23'],
  ['postgresql://me:1?hidden-secret@localhost/games', '%3F'],
  ['postgresql://me:a@b/hidden-secret@localhost/games', '%40'],
])('an unusable address is refused without being repeated: %s', async (url, advice = 'DATABASE_URL') => {
  const error = await failureOf((async () => connectionConfig(url))());
  expect(error).toMatchObject({ code: 'DATABASE_URL_INVALID', message: expect.stringContaining(advice) });
  expect(everythingOf(error)).not.toContain('hidden-secret');
});
