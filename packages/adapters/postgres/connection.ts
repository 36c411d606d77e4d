import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { connectionConfig } from './connection-config.ts';
import { databaseError, schemaOutdated, toDatabaseError } from './database-error.ts';
import { isSchemaCurrent } from './migrate.ts';
import type { Database } from './schema.ts';

/** Gives the address; `refresh` fetches it again after it was refused, because it may have been rotated. */
export type DatabaseUrl = (options?: { refresh: boolean }) => Promise<string>;

export type PostgresConnection = {
  /**
   * Runs `work` in a transaction while no other load runs. Repeats it all when a conflict (three times), a lost
   * connection (once) or a rotated password (once) ends it; `work` must therefore begin anew each time.
   * @throws DatabaseError, and what `work` throws.
   */
  transaction<Result>(work: (trx: Transaction<Database>) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};

const idleTimeoutMs = 30_000;
/** Loads of 100,000 rows take seconds; whoever waits longer gives its place in the queue back. */
const lockTimeoutMs = 120_000;
/** A load that was frozen or lost its file must not keep the others waiting. */
const idleInTransactionTimeoutMs = 60_000;
/** Sorts and joins of a batch stay in memory; with the usual 4 MB long summaries go through the disk. */
const batchMemory = '64MB';
/** Any number that no other program uses for an advisory lock. */
const loadLock = 7_305_808_869;

/** One connection, made when it is needed first and again after it was lost. */
export function connectPostgres(databaseUrl: DatabaseUrl): PostgresConnection {
  let opened: Promise<Kysely<Database>> | undefined;
  const open = (refresh: boolean) => {
    opened ??= databaseUrl(refresh ? { refresh } : undefined).then(openDatabase);
    return opened;
  };
  const close = async () => {
    const closing = opened;
    opened = undefined;
    await closing?.then((db) => db.destroy()).catch(() => undefined);
  };
  return {
    close,
    async transaction(work) {
      const repeats = { DATABASE_CONFLICT: 3, DATABASE_UNAVAILABLE: 1, DATABASE_AUTH_FAILED: 1 };
      for (let refresh = false; ; ) {
        try {
          const db = await open(refresh);
          return await db.transaction().execute(async (trx) => {
            await beginLoad(trx);
            return work(trx);
          });
        } catch (thrown) {
          const error = toDatabaseError(thrown);
          const repeat = error.code as keyof typeof repeats;
          if (error.code !== 'DATABASE_CONFLICT') await close();
          if (!repeats[repeat]) throw error;
          repeats[repeat] -= 1;
          refresh = error.code === 'DATABASE_AUTH_FAILED';
          if (error.code === 'DATABASE_CONFLICT') await delay(50 + Math.random() * 200);
        }
      }
    },
  };
}

function openDatabase(url: string): Kysely<Database> {
  const pool = new pg.Pool({ ...connectionConfig(url), max: 1, idleTimeoutMillis: idleTimeoutMs });
  // Without listeners a connection that dies, idle or at work, would end the process. The pool makes a new one, and
  // what was at work fails on its own.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * One load at a time. What an import leaves unchanged it does not touch, so only the lock keeps an older import
 * that runs at the same time from overwriting it. Little is lost: two libraries share most of their games, whose
 * row locks would make them wait for each other anyway, and IGDB's four requests a second allow no more imports.
 */
async function beginLoad(trx: Transaction<Database>): Promise<void> {
  await sql`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true),
    set_config('idle_in_transaction_session_timeout', ${String(idleInTransactionTimeoutMs)}, true),
    set_config('work_mem', ${batchMemory}, true)`.execute(trx);
  await sql`select pg_advisory_xact_lock(${loadLock})`.execute(trx);
  if (!(await isSchemaCurrent(trx))) throw databaseError(schemaOutdated);
}
