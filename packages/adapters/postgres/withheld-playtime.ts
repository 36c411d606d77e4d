import type { LibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { LoadBatch, LoadSummary } from '@savepoint/core/stages/database-import.ts';
import { sql, type Transaction } from 'kysely';
import type { Database } from './schema.ts';
import { tellsPlaytime } from './told.ts';

/** Steam lists every game with 0 minutes for people who keep their playtime to themselves. */
export const playtimeHiddenWarning: LoadSummary['warnings'][number] = {
  code: 'PLAYTIME_HIDDEN',
  message:
    'Steam told no playtimes, so what was known of them before was kept. To import them, untick “Always keep my total playtime private even if users can see my game details” in Steam under Edit Profile → Privacy Settings, and import again.',
};

export type Playtime = { withheld: boolean; batches: AsyncIterable<LoadBatch> };

/**
 * Whether an import withholds its playtimes, or has none, which looks the same: nothing above 0 in any row.
 * The file tells in its first batch, as a rule; else it is read to its end, and once more for the load.
 */
export async function readPlaytime(readBatches: () => AsyncIterable<LoadBatch>): Promise<Playtime> {
  const reading = readBatches()[Symbol.asyncIterator]();
  const first = await reading.next();
  if (first.done) return { withheld: true, batches: noBatches() };
  if (first.value.rows.some(tellsPlaytime)) return { withheld: false, batches: resume(first.value, reading) };
  let next = await reading.next();
  if (next.done) return { withheld: true, batches: resume(first.value, reading) };
  while (!next.done && !next.value.rows.some(tellsPlaytime)) next = await reading.next();
  await reading.return?.();
  return { withheld: next.done === true, batches: readBatches() };
}

async function* noBatches(): AsyncGenerator<LoadBatch> {}

async function* resume(first: LoadBatch, reading: AsyncIterator<LoadBatch>): AsyncGenerator<LoadBatch> {
  try {
    yield first;
    for (let next = await reading.next(); !next.done; next = await reading.next()) yield next.value;
  } finally {
    await reading.return?.();
  }
}

/** Whether a person whose import tells no playtime did play: that was told once, or some game was played last. */
export async function wasPlayed(trx: Transaction<Database>, { steamId }: LibraryKey): Promise<boolean> {
  const { rows } = await sql<{ played: boolean }>`
    select exists (
      select from library_entries
      where steam_id = ${steamId} and (playtime_minutes > 0 or last_played_at is not null)
    ) as played`.execute(trx);
  return rows[0]!.played;
}
