import { setTimeout as delay } from 'node:timers/promises';
import { connectPostgres, type LoadLimits } from '@savepoint/adapters/postgres/connection.ts';
import { sql, type Transaction } from 'kysely';
import type { Database } from '@savepoint/adapters/postgres/schema.ts';
import { startCuttableProxy } from '../../support/cuttable-proxy.ts';
import { createMigratedDatabase, type TestDatabase } from '../../support/database.ts';
import { failureOf } from '../../support/failure.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createMigratedDatabase();
});
afterAll(() => database.drop());

const patient: LoadLimits = {
  lockSeconds: 20,
  statementSeconds: 20,
  idleSeconds: 20,
  transactionSeconds: 20,
  silenceSeconds: 30,
  repeatSeconds: 20,
};
type Work<Result> = (trx: Transaction<Database>) => Promise<Result>;

async function load<Result>(work: Work<Result>, limits: Partial<LoadLimits> = {}, url = database.url) {
  const connection = connectPostgres(async () => url, { ...patient, ...limits });
  try {
    return await connection.transaction(work);
  } finally {
    await connection.close();
  }
}
const ask = (trx: Transaction<Database>) => sql`select 1`.execute(trx);
/** Works for ever, statement by statement. */
const goOn: Work<never> = async (trx) => {
  for (;;) await ask(trx);
};

test('whoever waits too long for the lock goes back to its queue', async () => {
  const { promise: end, resolve: endNow } = Promise.withResolvers<void>();
  const hasLock = Promise.withResolvers<void>();
  const holder = load(async () => {
    hasLock.resolve();
    await end;
  });
  await hasLock.promise;
  let begun = 0;
  const waiting = load(async () => (begun += 1), { lockSeconds: 0.2 });
  expect(await failureOf(() => waiting)).toMatchObject({ code: 'DATABASE_TIMEOUT', retryable: true });
  endNow();
  await holder;
  expect(begun).toBe(0);
});

test.each<[string, Work<unknown>, Partial<LoadLimits>, string]>([
  [
    'has a statement that does not end',
    (trx) => sql`select pg_sleep(3600)`.execute(trx),
    { statementSeconds: 0.2 },
    'DATABASE_TIMEOUT',
  ],
  ['does not end', goOn, { transactionSeconds: 0.5 }, 'DATABASE_TIMEOUT'],
  [
    'falls silent',
    async (trx) => {
      await delay(60_000, undefined, { ref: false });
      await ask(trx);
    },
    { idleSeconds: 0.2, transactionSeconds: 2 },
    'DATABASE_TIMEOUT',
  ],
])('a load that %s is ended, and the next one goes on', async (_what, work, limits, code) => {
  const failing = failureOf(() => load(work, limits));
  await delay(100);
  expect(await load(async () => 'done')).toBe('done');
  expect(await failing).toMatchObject({ code, retryable: true });
});

test('a server that is frozen is given up, and the load begins anew on another connection', async () => {
  const { hostname, port } = new URL(database.url);
  const proxy = await startCuttableProxy({ host: hostname, port: Number(port) });
  const url = Object.assign(new URL(database.url), { hostname: '127.0.0.1', port: String(proxy.port) }).href;
  let begun = 0;
  const work: Work<string> = async (trx) => {
    begun += 1;
    if (begun === 1) proxy.freeze();
    await ask(trx);
    return 'done';
  };
  // The frozen connection holds the lock until PostgreSQL finds its client silent.
  expect(await load(work, { silenceSeconds: 1, idleSeconds: 0.5 }, url)).toBe('done');
  expect(begun).toBe(2);
  await proxy.close();
});
