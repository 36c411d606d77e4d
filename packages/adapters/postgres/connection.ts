import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { within } from '../within.ts';
import { connectionConfig } from './connection-config.ts';
import { databaseError, schemaOutdated, tooSlow, toDatabaseError } from './database-error.ts';
import { isSchemaCurrent } from './migrate.ts';
import type { Database } from './schema.ts';

/** Gives the address; `refresh` fetches it again after it was refused, because it may have been rotated. */
export type DatabaseUrl = (options?: { refresh: boolean }) => Promise<string>;

export type PostgresConnection = {
  /**
   * Runs `work` in a transaction while no other load runs. Repeats it all when a conflict (three times), a lost
   * connection (once) or a rotated password (once) ends it; `work` must therefore begin anew each time. What is still
   * at work when its time is up loses the connection, and with it the lock.
   * @throws DatabaseError, and what `work` throws.
   */
  transaction<Result>(work: Work<Result>): Promise<Result>;
  /**
   * Reads from one moment of the database, while others load. Repeated like a transaction.
   * @throws DatabaseError, and what `work` throws.
   */
  read<Result>(work: Work<Result>): Promise<Result>;
  close(): Promise<void>;
};

/** How long a load may keep what, so that none holds up all others; together less than the function may run. */
export type LoadLimits = {
  /** For other loads to end. They take seconds; whoever waits longer gives its place in the queue back. */
  lockSeconds: number;
  statementSeconds: number;
  /** Between two statements: a load that was frozen must not keep the others waiting. */
  idleSeconds: number;
  /** From the lock to the end. 200,000 rows take half a minute. */
  transactionSeconds: number;
  /** Without a byte from the server: it is frozen, or gone without a word. Longer than it may wait for the lock. */
  silenceSeconds: number;
  /** Since the beginning; what failed later is for the queue to repeat. */
  repeatSeconds: number;
};
const loadLimits: LoadLimits = {
  lockSeconds: 120,
  statementSeconds: 60,
  idleSeconds: 30,
  transactionSeconds: 150,
  silenceSeconds: 135,
  repeatSeconds: 60,
};

const idleTimeoutMs = 30_000;
/** A machine that is gone without a word is noticed by its kernel's silence. */
const keepAliveMs = 10_000;
const closeSeconds = 5;
/** Sorts and joins of a batch stay in memory; with the usual 4 MB long summaries go through the disk. */
const batchMemory = '64MB';
/** Any number that no other program uses for an advisory lock. */
const loadLock = 7_305_808_869;

/** One connection, made when it is needed first and again after it was lost. */
export function connectPostgres(
  databaseUrl: DatabaseUrl,
  limits: LoadLimits = loadLimits,
): PostgresConnection {
  let opened: Promise<OpenDatabase> | undefined;
  const open = (refresh: boolean) => {
    opened ??= databaseUrl(refresh ? { refresh } : undefined).then((url) => openDatabase(url, limits));
    return opened;
  };
  const close = async () => {
    const closing = opened;
    opened = undefined;
    await closing?.then(({ db, drop }) => within(closeSeconds, db.destroy(), drop)).catch(() => undefined);
  };
  const run = async <Result>(begin: Begin, work: Work<Result>): Promise<Result> => {
    const repeats = { DATABASE_CONFLICT: 3, DATABASE_UNAVAILABLE: 1, DATABASE_AUTH_FAILED: 1 };
    const begunAt = performance.now();
    for (let refresh = false; ; ) {
      let isOverdue = false;
      try {
        const { db, drop } = await open(refresh);
        return await db.transaction().execute(async (trx) => {
          await begin(trx, limits);
          return within(limits.transactionSeconds, work(trx), () => {
            isOverdue = true;
            drop();
          });
        });
      } catch (thrown) {
        const error = isOverdue ? databaseError(tooSlow, { reason: 'transaction' }) : toDatabaseError(thrown);
        const repeat = error.code as keyof typeof repeats;
        if (error.code !== 'DATABASE_CONFLICT') await close();
        const isLate = performance.now() - begunAt > limits.repeatSeconds * 1000;
        if (!repeats[repeat] || isLate) throw error;
        repeats[repeat] -= 1;
        refresh = error.code === 'DATABASE_AUTH_FAILED';
        if (error.code === 'DATABASE_CONFLICT') await delay(50 + Math.random() * 200);
      }
    }
  };
  return { close, transaction: (work) => run(beginLoad, work), read: (work) => run(beginReading, work) };
}

type Work<Result> = (trx: Transaction<Database>) => Promise<Result>;
type Begin = (trx: Transaction<Database>, limits: LoadLimits) => Promise<void>;

/** `drop` ends the connection at once: what runs on it fails, and the server takes its transaction back. */
type OpenDatabase = { db: Kysely<Database>; drop(): void };

function openDatabase(url: string, { silenceSeconds }: LoadLimits): OpenDatabase {
  const pool = new pg.Pool({
    ...connectionConfig(url),
    max: 1,
    idleTimeoutMillis: idleTimeoutMs,
    keepAliveInitialDelayMillis: keepAliveMs,
  });
  let socket: Socket | undefined;
  // Without listeners a connection that dies, idle or at work, would end the process. The pool makes a new one, and
  // what was at work fails on its own.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    const stream = (client as unknown as pg.Client).connection.stream as Socket;
    stream.setTimeout(silenceSeconds * 1000, () =>
      stream.destroy(new Error(`Connection terminated: the database was silent for ${silenceSeconds} s`)),
    );
    socket = stream;
  });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { db, drop: () => void socket?.destroy() };
}

/**
 * One load at a time. What an import leaves unchanged it does not touch, so only the lock keeps an older import
 * that runs at the same time from overwriting it. Little is lost: two libraries share most of their games, whose
 * row locks would make them wait for each other anyway, and IGDB's four requests a second allow no more imports.
 */
async function beginLoad(
  trx: Transaction<Database>,
  { lockSeconds, idleSeconds, statementSeconds }: LoadLimits,
): Promise<void> {
  // The wait for the lock is a statement too, which a limit of the role or the database might end.
  await sql`select ${setting('lock_timeout', lockSeconds)}, ${setting('statement_timeout', 0)},
    ${setting('idle_in_transaction_session_timeout', idleSeconds)},
    set_config('work_mem', ${batchMemory}, true)`.execute(trx);
  await sql`select pg_advisory_xact_lock(${loadLock}), ${setting('statement_timeout', statementSeconds)}`.execute(
    trx,
  );
  if (!(await isSchemaCurrent(trx))) throw databaseError(schemaOutdated);
}

/** One moment for all statements; it waits for nobody, and nobody waits for it. */
async function beginReading(
  trx: Transaction<Database>,
  { idleSeconds, statementSeconds }: LoadLimits,
): Promise<void> {
  await sql`set transaction isolation level repeatable read read only`.execute(trx);
  await sql`select ${setting('statement_timeout', statementSeconds)},
    ${setting('idle_in_transaction_session_timeout', idleSeconds)}`.execute(trx);
}

/** Until the end of the transaction. */
const setting = (name: string, seconds: number) =>
  sql`set_config(${name}, ${String(Math.round(seconds * 1000))}, true)`;
