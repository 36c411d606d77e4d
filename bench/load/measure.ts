import type pg from 'pg';
import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import { batchRows } from '@savepoint/core/stages/database-import.ts';
import { type CopyTable, copyLibrary } from './copy-floor.ts';
import type { Databases } from './databases.ts';
import { loadByOldStatements } from './old-statements.ts';
import { sampleSteamId } from './sample-library.ts';

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export const measureCopy = (databases: Databases, tables: readonly CopyTable[]): Promise<number> =>
  databases.use((_url, client) => milliseconds(() => copyLibrary(client, tables)));

export const measureOldStatements = (databases: Databases, rows: readonly EnrichedRow[]): Promise<number> =>
  databases.use((_url, client) => milliseconds(() => loadByOldStatements(client, rows)));

export type LoadTimes = {
  firstMs: number;
  /** The same import again, and a newer one with the same contents. */
  againMs: number;
  newerMs: number;
  againWalBytes: number;
  newerWalBytes: number;
  /** Rows updated, deleted or left dead by both. */
  rowsTouched: number;
};

/** The product's own load, on an open connection: an instance keeps its one. */
export const measureLoad = (databases: Databases, rows: readonly EnrichedRow[]): Promise<LoadTimes> =>
  databases.use(async (url, client) => {
    const connection = connectPostgres(async () => url);
    const load = (timestamp: string) => {
      const library = libraryKeyOf('enriched', `${sampleSteamId}-${timestamp}`);
      return milliseconds(() => createLibraryLoader(connection).loadLibrary(library, () => inBatches(rows)));
    };
    await connection.transaction(async () => undefined);
    const firstMs = await load('20260101T000000000Z');
    // As autovacuum would have done before the next import; else it may do so, and write WAL, while we measure.
    await client.query('vacuum analyze');
    await client.query('checkpoint');
    const positions = [await walPosition(client)];
    const againMs = await load('20260101T000000000Z');
    positions.push(await walPosition(client));
    const newerMs = await load('20260102T000000000Z');
    positions.push(await walPosition(client));
    await connection.close();
    return {
      firstMs,
      againMs,
      newerMs,
      againWalBytes: positions[1]! - positions[0]!,
      newerWalBytes: positions[2]! - positions[1]!,
      rowsTouched: await countTouched(client),
    };
  });

async function* inBatches(rows: readonly EnrichedRow[]) {
  for (let at = 0, size = batchRows.first; at < rows.length; at += size, size = batchRows.later)
    yield { rows: rows.slice(at, at + size), rejected: 0 };
}

async function walPosition(client: pg.Client): Promise<number> {
  const { rows } = await client.query(`select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as bytes`);
  return Number(rows[0].bytes);
}

async function countTouched(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    'select sum(n_tup_upd + n_tup_del + n_dead_tup) as rows from pg_stat_user_tables',
  );
  return Number(rows[0].rows);
}
