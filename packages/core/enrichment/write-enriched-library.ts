import type { Evidence } from '../classification/app-evidence.ts';
import type { MatchStatus } from '../contracts/classification.ts';
import type { Reject } from '../contracts/csv.ts';
import { enrichedHeader, writeEnrichedRows } from '../contracts/enriched-library.ts';
import { rejectsKey } from '../contracts/object-key.ts';
import { type LibraryBatch, type RawRow, readRawLibrary } from '../contracts/raw-library.ts';
import { writeRejects } from '../contracts/rejects.ts';
import { enrichRow } from './enrich-row.ts';
import { appsPerPortion } from './look-up-portions.ts';

export type LibraryFilePorts = {
  openLibrary(key: string): Promise<AsyncIterable<Uint8Array>>;
  /** The object appears whole, after the last line; it notes how many rows were refused on the way to it. */
  streamLibrary(key: string, lines: AsyncIterable<string>, rejectedRows: number): Promise<void>;
  putRejects(key: string, csv: string): Promise<void>;
};

/** What is known of the apps of these rows, at most `appsPerPortion`. */
export type KnowApps = (rows: readonly RawRow[]) => Promise<Evidence>;

type Written = { counts: Record<MatchStatus, number>; rejected: number };

const rowsPerWrite = 200;

/**
 * Streams the raw library `fromKey` into the enriched library `toKey`; when anything fails, nothing appears.
 * @param rejectedRows of the raw library: whoever reads the enriched one must not take their apps for gone.
 */
export async function writeEnrichedLibrary(
  fromKey: string,
  toKey: string,
  rejectedRows: number,
  ports: LibraryFilePorts,
  know: KnowApps,
): Promise<Written> {
  const counts: Record<MatchStatus, number> = { MATCHED: 0, UNMATCHED: 0, IGNORED: 0, PENDING: 0 };
  const rejects: Reject[] = [];
  async function* lines(): AsyncGenerator<string> {
    yield enrichedHeader;
    for await (const portion of inPortions(readRawLibrary(await ports.openLibrary(fromKey)), rejects)) {
      const evidence = await know(portion);
      for (let at = 0; at < portion.length; at += rowsPerWrite) {
        const rows = portion
          .slice(at, at + rowsPerWrite)
          .map((row) => enrichRow(row, evidence.of(row.appId)));
        for (const { matchStatus } of rows) counts[matchStatus] += 1;
        yield writeEnrichedRows(rows);
      }
    }
  }
  await ports.streamLibrary(toKey, lines(), rejectedRows);
  if (rejects.length > 0) await ports.putRejects(rejectsKey(fromKey), writeRejects(rejects));
  return { counts, rejected: rejects.length };
}

/** The rows in arrays of `appsPerPortion`, the last one shorter; what was refused is added to `rejects`. */
async function* inPortions(
  batches: AsyncIterable<LibraryBatch<RawRow>>,
  rejects: Reject[],
): AsyncGenerator<RawRow[]> {
  let held: RawRow[] = [];
  for await (const batch of batches) {
    rejects.push(...batch.rejects);
    held.push(...batch.rows);
    while (held.length >= appsPerPortion) {
      yield held.slice(0, appsPerPortion);
      held = held.slice(appsPerPortion);
    }
  }
  if (held.length > 0) yield held;
}
