import { connectPostgres, type PostgresConnection } from '@savepoint/adapters/postgres/connection.ts';
import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import {
  type EnrichedRow,
  enrichedHeader,
  writeEnrichedRows,
} from '@savepoint/core/contracts/enriched-library.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import { databaseImport } from '@savepoint/core/stages/database-import.ts';
import type pg from 'pg';
import type { Measure } from '../bench.ts';
import type { Measured } from '../figure.ts';
import { startDatabases } from '../load/databases.ts';
import { sampleLibrary } from '../load/sample-library.ts';
import { median } from '../report.ts';
import { apps, names } from './figures.ts';

const rounds = { quick: 3, full: 15 };
const played = 20;
const smallApps = 40;
const otherImports = 12;

/** One load in milliseconds: the whole stage from the first byte of its file, and the part of it under the lock. */
type Held = { wholeMs: number; heldMs: number };

export const measure: Measure = async ({ quick, tell }) => {
  tell('starting PostgreSQL');
  const databases = await startDatabases();
  const all: Record<keyof typeof names, Held[]> = {
    first: [],
    shared: [],
    usual: [],
    unchanged: [],
    small: [],
    beside: [],
  };
  try {
    // The first round is not counted: Node compiles what runs often, PostgreSQL fills its caches.
    for (let round = 0; round <= (quick ? rounds.quick : rounds.full); round++) {
      tell(round === 0 ? 'a round to warm up' : `round ${round}: loads of ${apps} and ${smallApps} apps`);
      const held = await databases.use(measureRound);
      if (round > 0)
        for (const [name, each] of Object.entries(held)) all[name as keyof typeof all].push(each);
    }
  } finally {
    await databases.close();
  }
  const told = Object.entries(all).map(([name, held]): [string, Measured] => [
    names[name as keyof typeof names],
    {
      value: median(held.map(({ heldMs }) => heldMs)) / 1000,
      detail: `of ${Math.round(median(held.map(({ wholeMs }) => wholeMs)))} ms for the whole load`,
    },
  ]);
  return { measured: Object.fromEntries(told) };
};

async function measureRound(url: string, client: pg.Client): Promise<Record<keyof typeof names, Held>> {
  const library = sampleLibrary(apps);
  const afterwards = library.map((row, index) =>
    index < played ? { ...row, playtimeMinutes: (row.playtimeMinutes ?? 0) + 45 } : row,
  );
  const connection = connectPostgres(async () => url);
  try {
    await connection.transaction(async () => undefined);
    const load = (person: number, day: number, rows: readonly EnrichedRow[]) =>
      measureLoad(connection, `7656120225510000${person}-2026010${day}T000000000Z`, rows);
    const some = library.slice(0, smallApps);
    const alone = {
      first: await load(1, 1, library),
      shared: await load(2, 1, library),
      usual: await load(2, 2, afterwards),
      unchanged: await load(2, 3, afterwards),
      small: await load(3, 1, some),
    };
    await tellAgain(client);
    return { ...alone, beside: await load(4, 1, some) };
  } finally {
    await connection.close();
  }
}

/** As if so many imports more had told all that the first one told. */
const tellAgain = (client: pg.Client) =>
  client.query(
    `insert into import_contents (import_id, kind, ids, learnt_at, named_at, newest_learnt_at)
      select null, kind, ids, learnt_at, named_at, newest_learnt_at
      from import_contents, generate_series(1, $1::int) n where import_id like $2 and kind <> 'library_entries'`,
    [otherImports, '%1-20260101T%'],
  );

/** The stage itself, on a file in memory. `work` begins when the lock is there, and the lock ends with the commit. */
async function measureLoad(
  connection: PostgresConnection,
  importId: string,
  rows: readonly EnrichedRow[],
): Promise<Held> {
  const csv = Buffer.from(enrichedHeader + writeEnrichedRows(rows));
  let heldMs = 0;
  const observed: PostgresConnection = {
    ...connection,
    async transaction(work) {
      let lockedAt = 0;
      const result = await connection.transaction((trx) => {
        lockedAt = performance.now();
        return work(trx);
      });
      heldMs = performance.now() - lockedAt;
      return result;
    },
  };
  const startedAt = performance.now();
  await databaseImport(libraryKeyOf('enriched', importId), {
    loadLibrary: createLibraryLoader(observed).loadLibrary,
    notesOf: async () => ({ rejectedRows: 0, askedAgain: false }),
    openLibrary: async () => chunksOf(csv),
    publishLibrary: async () => undefined,
    putRejects: async () => undefined,
    dropRejects: async () => undefined,
  });
  return { wholeMs: performance.now() - startedAt, heldMs };
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
