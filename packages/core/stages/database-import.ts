import { type ColumnsReport, reportColumns } from '../contracts/columns-report.ts';
import { type EnrichedRow, readEnrichedLibrary } from '../contracts/enriched-library.ts';
import { type LibraryKey, printLibraryKey } from '../contracts/library-key.ts';
import { refuseFuture } from '../contracts/import-id.ts';
import type { Warning } from '../contracts/import-status.ts';
import { noUsableRows } from '../contracts/library-reader.ts';
import { rejectsKey } from '../contracts/object-key.ts';
import { RejectedRows } from '../contracts/rejects.ts';
import type { SteamId } from '../steam-id.ts';
import { keepRejects, type LibraryFiles, type RejectFiles } from './library-files.ts';

export type LoadBatch = {
  /** No app twice, over all batches of a file. */
  rows: readonly EnrichedRow[];
  /** How many rows of the file were refused meanwhile. */
  rejected: number;
};

/** What a load did; counts of rows of the file. The same names stand in the answer, the log and `imports`. */
export type LoadSummary = {
  /** Games: matched, unmatched and pending. */
  imported_count: number;
  /** Ignored and rejected. Rejected are the rows that this load refused, and before it enrichment. */
  skipped_count: number;
  matched: number;
  unmatched: number;
  pending: number;
  /** Not games; stored as IGNORED. */
  ignored: number;
  rejected: number;
  /** Apps that the library did not have before. */
  new: number;
  /** Of which the entry, the app, its game or the game's genres or platforms were updated. */
  changed: number;
  unchanged: number;
  /** Above the most that Steam ever told, over all games that the library had before. */
  minutes_played: number;
  /** Entries that the library had and that Steam no longer lists. */
  gone: number;
  /** A newer import of this person was loaded before, so this one only filled gaps. */
  stale: boolean;
  /** What the person should know or do, e.g. `PLAYTIME_HIDDEN`. */
  warnings: readonly Warning[];
};

export type LibraryLoader = {
  /**
   * Loads a library in one transaction. Reads the batches again from the start when the transaction is repeated.
   * @throws DatabaseError
   */
  loadLibrary(library: LibraryKey, readBatches: () => AsyncIterable<LoadBatch>): Promise<LoadSummary>;
};

export type LibraryPublisher = {
  /**
   * Writes the person's library as it stands now for reading, where what lies there is older; nothing where there is no
   * library. @throws StorageError, DatabaseError
   */
  publishLibrary(steamId: SteamId): Promise<void>;
};

export type DatabaseImportPorts = LibraryLoader &
  LibraryPublisher &
  RejectFiles &
  Pick<LibraryFiles, 'openLibrary' | 'notesOf'>;

/** `asked_again`: the import was loaded before, and open apps of it were asked for again; else absent. */
export type DatabaseImportAnswer = {
  s3_key: string;
  columns?: ColumnsReport;
  asked_again?: true;
} & LoadSummary;

/** What a reading of the file found beside its rows. */
type Findings = { rejects: RejectedRows; columns: ReturnType<typeof reportColumns> };

/**
 * Rows of one round of statements: few in the first, so that PostgreSQL begins early, and then so many that what a round
 * costs by itself, some 15 ms, is little.
 */
export const batchRows = { first: 1_000, later: 3_000 };
/** Summaries are most of a row; a file of very long ones goes in smaller batches. */
const batchChars = 16 * 1024 * 1024;

/**
 * Loads an enriched library into the database. The file is streamed; at most two batches are in memory. Bad rows are
 * counted and written to `rejects/`, after the load, so that a repeated load writes the same file again.
 * @param key of an enriched library.
 * @throws ValidationError IMPORT_IN_FUTURE, CSV_…: no retry can mend it; StorageError; DatabaseError.
 */
export async function databaseImport(
  key: LibraryKey,
  ports: DatabaseImportPorts,
): Promise<DatabaseImportAnswer> {
  refuseFuture(key);
  const { rejectedRows: rejectedEarlier, askedAgain } = await ports.notesOf(key);
  let found: Findings = newFindings();
  const summary = await ports.loadLibrary(key, () => {
    found = newFindings();
    return readBatches(key, rejectedEarlier, found, ports);
  });
  await keepRejects(rejectsKey(key), found.rejects, ports);
  // After the commit, so that a reader never sees what was taken back; also by a delivery that changed nothing, in case
  // the one before ended in between.
  await ports.publishLibrary(key.steamId);
  const columns = found.columns.report();
  return {
    s3_key: printLibraryKey(key),
    ...summary,
    ...(columns && { columns }),
    ...(askedAgain && { asked_again: true }),
  };
}

const newFindings = (): Findings => ({ rejects: new RejectedRows(), columns: reportColumns() });

/** @throws ValidationError CSV_NO_USABLE_ROWS at the end, so that nothing is stored. */
async function* readBatches(
  key: LibraryKey,
  rejectedEarlier: number,
  found: Findings,
  ports: RejectFiles & Pick<LibraryFiles, 'openLibrary'>,
): AsyncGenerator<LoadBatch> {
  let rows: EnrichedRow[] = [];
  let rejected = rejectedEarlier;
  let chars = 0;
  let maxRows = batchRows.first;
  let isEmpty = true;
  for await (const part of readEnrichedLibrary(await ports.openLibrary(key))) {
    rejected += part.rejects.length;
    found.columns.add(part);
    found.rejects.add(part.rejects);
    isEmpty &&= part.rows.length === 0;
    for (const row of part.rows) {
      rows.push(row);
      chars += row.game?.summary?.length ?? 0;
      if (rows.length < maxRows && chars < batchChars) continue;
      yield { rows, rejected };
      rows = [];
      rejected = 0;
      chars = 0;
      maxRows = batchRows.later;
    }
  }
  if (isEmpty && found.rejects.count > 0) {
    await keepRejects(rejectsKey(key), found.rejects, ports);
    throw noUsableRows(found.rejects);
  }
  if (rows.length > 0 || rejected > 0) yield { rows, rejected };
}
