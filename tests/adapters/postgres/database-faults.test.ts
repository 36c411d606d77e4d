import { createServer, type Server } from 'node:net';
import { TLSSocket } from 'node:tls';
import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import pg from 'pg';
import { createMigratedDatabase, createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { withDirectory } from '../../support/directory.ts';
import { failureOf } from '../../support/failure.ts';

/** Whatever keeps the database from its work is told with its reason and what to do, in one sentence. */

const password = 'hidden-Secret1';
let database: TestDatabase;
const role = `limited_${process.pid}`;

beforeAll(async () => {
  database = await createMigratedDatabase();
  await administer(`create role ${role} login password '${password}'`);
});
afterAll(async () => {
  await administer(`drop owned by ${role}; drop role ${role}`);
  await database.drop();
});

async function administer(text: string, url = database.url): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const addressOf = (changes: Partial<URL>, of = database.url) => Object.assign(new URL(of), changes).href;
const asRole = (of = database.url) => addressOf({ username: role, password }, of);
const withParameter = (name: string, value: string, of = database.url) =>
  `${of}?${name}=${encodeURIComponent(value)}`;

async function load(url: string): Promise<string> {
  const connection = connectPostgres(async () => url);
  try {
    return await connection.transaction(async () => 'loaded');
  } finally {
    await connection.close();
  }
}

async function expectFault(work: () => Promise<unknown>, code: string, ...words: string[]): Promise<void> {
  const failure = await failureOf(work);
  expect(failure).toMatchObject({ code, retryable: true });
  for (const word of words) expect(failure.operatorHint).toContain(word);
  expect(failure.operatorHint).toMatch(/^[^\n]+\.$/);
  expect(JSON.stringify([failure.message, failure.operatorHint, failure.details])).not.toContain(password);
}

test('a role that may only read and write rows finds a current schema current, and loads', async () => {
  await administer(`grant select on all tables in schema public to ${role}`);
  expect(await migrate(asRole())).toEqual({ applied: [] });
  expect(await load(asRole())).toBe('loaded');
});

test('a role that may not create says so, and which right it wants', async () => {
  const empty = await createTestDatabase();
  await expectFault(
    () => migrate(asRole(empty.url)),
    'DATABASE_PERMISSION_DENIED',
    'permission denied for schema public',
    'grant it CREATE on the schema',
  );
  await empty.drop();
});

test('a role that may not read says so', async () => {
  const other = await createMigratedDatabase();
  for (const work of [migrate, load])
    await expectFault(
      () => work(asRole(other.url)),
      'DATABASE_PERMISSION_DENIED',
      'permission denied for table schema_migrations',
      'SELECT, INSERT, UPDATE and DELETE',
    );
  await other.drop();
});

test('a read-only database says so, but serves who only asks whether the schema is current', async () => {
  const empty = await createTestDatabase();
  const readOnly = '-c default_transaction_read_only=on';
  await expectFault(
    () => migrate(withParameter('options', readOnly, empty.url)),
    'DATABASE_READ_ONLY',
    'read-only transaction',
    'primary',
  );
  await empty.drop();
  expect(await migrate(withParameter('options', readOnly))).toEqual({ applied: [] });
});

test('search_path in the address decides where the tables are', async () => {
  const empty = await createTestDatabase();
  const elsewhere = withParameter('search_path', 'my games,public', empty.url);
  await administer('create schema "my games"', empty.url);
  await migrate(withParameter('search_path', '"my games"', empty.url));
  expect(
    await administer(`select schemaname from pg_tables where tablename = 'library_entries'`, empty.url),
  ).toEqual([{ schemaname: 'my games' }]);
  expect(await load(withParameter('search_path', '"my games"', empty.url))).toBe('loaded');
  await expectFault(() => load(elsewhere), 'DATABASE_FAILED', 'search_path');
  await expectFault(
    () => migrate(withParameter('search_path', 'nowhere', empty.url)),
    'DATABASE_SCHEMA_MISSING',
    'no schema has been selected',
    'search_path',
  );
  await empty.drop();
});

test('a wrong database, user or password is told', async () => {
  await expectFault(
    () => migrate(addressOf({ pathname: '/nowhere' })),
    'DATABASE_NOT_FOUND',
    'database "nowhere" does not exist',
    'correct the name in DATABASE_URL',
  );
  await expectFault(
    () => migrate(addressOf({ username: role, password: `${password}2` })),
    'DATABASE_AUTH_FAILED',
    `password authentication failed for user "${role}"`,
  );
  await expectFault(
    () => migrate(addressOf({ username: role, password: '' })),
    'DATABASE_AUTH_FAILED',
    'correct the user and password',
  );
});

test('nobody there, no such host, no such socket', async () => {
  const at = (place: string) => `postgresql://me:${password}@${place}`;
  await expectFault(() => migrate(at('localhost:1/games')), 'DATABASE_UNAVAILABLE', 'ECONNREFUSED', ':1)');
  await expectFault(
    () => migrate(at('nowhere.invalid/games')),
    'DATABASE_UNAVAILABLE',
    'host of the database is not known',
    'nowhere.invalid',
  );
  await withDirectory(async (directory) =>
    expectFault(
      () => migrate(at(`/games?host=${directory}`)),
      'DATABASE_UNAVAILABLE',
      `${directory}/.s.PGSQL.5432`,
      'host=/directory',
    ),
  );
});

test('a server without TLS, and one whose certificate nobody vouches for', async () => {
  await expectFault(
    () => migrate(withParameter('sslmode', 'require')),
    'DATABASE_TLS_FAILED',
    'offers no TLS',
    'turn ssl on',
  );
  const server = await serveTls();
  try {
    const { port } = server.address() as { port: number };
    await expectFault(
      () => migrate(`postgresql://me:${password}@localhost:${port}/games?sslmode=verify-full`),
      'DATABASE_TLS_FAILED',
      'self-signed certificate',
      'NODE_EXTRA_CA_CERTS',
    );
  } finally {
    server.close();
  }
});

/** Agrees to TLS as PostgreSQL does, and shows a certificate that it signed itself. */
async function serveTls(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, key, cert: certificate });
      secure.on('error', () => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Made for this test; it opens nothing. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgar/kvbFMtMnZWBq6
Hf0XrTgmgeLtkaBggNigOuefuZ6hRANCAARFEg3Pq0KAp5Wd2K1ar2tU6YKgsH6T
oNiRvAIOGNVG52g1T7MChVwyxnn935msyJg3+7za1mKLuuUna86VzQcI
-----END PRIVATE KEY-----`;
const certificate = `-----BEGIN CERTIFICATE-----
MIIBMDCB16ADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
dDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
bG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERRINz6tCgKeVndit
Wq9rVOmCoLB+k6DYkbwCDhjVRudoNU+zAoVcMsZ5/d+ZrMiYN/u82tZii7rlJ2vO
lc0HCKMYMBYwFAYDVR0RBA0wC4IJbG9jYWxob3N0MAoGCCqGSM49BAMCA0gAMEUC
IQDvT1VHc2JAx0Wp2cCD0xiOgQob2uWfMOFq99quRF4m2wIgFx+FCkdSg9clxE+k
IgcXeMpMWiimy2J4HiXwSP5izgw=
-----END CERTIFICATE-----`;
