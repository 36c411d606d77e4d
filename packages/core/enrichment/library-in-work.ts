import type { MatchStatus } from '../contracts/classification.ts';
import { type ColumnsReport, reportColumns } from '../contracts/columns-report.ts';
import type { Freshness } from '../contracts/fresh-run.ts';
import { refuseFuture } from '../contracts/import-id.ts';
import { type LibraryKey, libraryKeyOf } from '../contracts/library-key.ts';
import { noUsableRows } from '../contracts/library-reader.ts';
import { rejectsKey } from '../contracts/object-key.ts';
import { type RawRow, readRawLibrary } from '../contracts/raw-library.ts';
import { RejectedRows } from '../contracts/rejects.ts';
import {
  keepRejects,
  type LibraryFiles,
  type LibraryWriter,
  type RejectFiles,
} from '../stages/library-files.ts';
import { appsPerPortion, countOpenApps, type Found, type Portion } from './look-up-portions.ts';

/**
 * `again`: it was published before, and its open apps are asked for again. `fresh`: of which apps what is
 * remembered is not believed.
 */
export type LibraryToEnrich = LibraryKey & { again?: boolean; fresh?: Freshness | undefined };

/** A raw library on its way through enrichment. */
export type LibraryInWork = {
  key: LibraryToEnrich;
  appCount: number;
  /** Entries that the raw file lacks, because whoever wrote it could not read them. */
  droppedEarlier: number;
  /** Rows of the raw file that were refused. */
  rejects: RejectedRows;
  /** What was understood of a dropped file. */
  columns: ColumnsReport | undefined;
  /** Distinct apps; null for a library of more than one portion, which stays alone. */
  appIds: ReadonlySet<number> | null;
  portions: AsyncIterator<Portion>;
  /** What is being looked up, and what is known of it so far. */
  current: { portion: Portion; evidence: Found['evidence'] } | null;
  /** Made with the first rows. */
  writer: LibraryWriter | null;
  counts: Record<MatchStatus, number>;
  failure: unknown;
};

/**
 * Reads a raw library once, to count its apps and refuse its bad rows. The rows of a small one are kept; a large one
 * is read again, portion by portion.
 * @throws ValidationError IMPORT_IN_FUTURE, CSV_…: the file, or every row of it, is unusable; StorageError
 */
export async function beginLibrary(
  key: LibraryToEnrich,
  files: RejectFiles & Pick<LibraryFiles, 'openLibrary' | 'notesOf'>,
): Promise<LibraryInWork> {
  refuseFuture(key);
  const { rejectedRows: droppedEarlier } = await files.notesOf(key);
  const rejects = new RejectedRows();
  const columns = reportColumns();
  let rows: RawRow[] = [];
  let appCount = 0;
  for await (const batch of readRawLibrary(await files.openLibrary(key))) {
    columns.add(batch);
    rejects.add(batch.rejects);
    appCount += batch.rows.length;
    rows = appCount > appsPerPortion ? [] : [...rows, ...batch.rows];
  }
  if (appCount === 0 && rejects.count > 0) {
    await keepRejects(rejectsKey(key), rejects, files);
    throw noUsableRows(rejects);
  }
  const isSmall = appCount <= appsPerPortion;
  return {
    key,
    appCount,
    droppedEarlier,
    rejects,
    columns: columns.report(),
    appIds: isSmall ? new Set(rows.map(({ appId }) => appId)) : null,
    portions: portionsOf(key, isSmall ? onePortion(rows) : readAgain(key, files)),
    current: null,
    writer: null,
    counts: { MATCHED: 0, UNMATCHED: 0, IGNORED: 0, PENDING: 0 },
    failure: undefined,
  };
}

async function* portionsOf(
  { importId, fresh }: LibraryToEnrich,
  parts: AsyncIterable<RawRow[]>,
): AsyncGenerator<Portion> {
  let index = 0;
  for await (const rows of parts) {
    yield { importId, index, rows, fresh };
    index += 1;
  }
}

async function* onePortion(rows: RawRow[]): AsyncGenerator<RawRow[]> {
  if (rows.length > 0) yield rows;
}

/** The rows in arrays of `appsPerPortion`, the last one shorter. */
async function* readAgain(
  key: LibraryKey,
  files: Pick<LibraryFiles, 'openLibrary'>,
): AsyncGenerator<RawRow[]> {
  let held: RawRow[] = [];
  for await (const { rows } of readRawLibrary(await files.openLibrary(key))) {
    held.push(...rows);
    while (held.length >= appsPerPortion) {
      yield held.slice(0, appsPerPortion);
      held = held.slice(appsPerPortion);
    }
  }
  if (held.length > 0) yield held;
}

const writtenRows = ({ counts }: LibraryInWork): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

export function progressOf(library: LibraryInWork): { done: number; total: number } {
  const { current, appCount } = library;
  const known = current ? current.portion.rows.length - countOpenApps(current.portion, current.evidence) : 0;
  return { done: writtenRows(library) + known, total: appCount };
}

export const enrichedKeyOf = ({ key }: LibraryInWork): LibraryKey => libraryKeyOf('enriched', key.importId);

/**
 * Libraries whose apps, each counted once, fit into one portion; a larger library stays alone. The small ones come first:
 * a giant takes all the time that there is, and its neighbours must not wait for it attempt after attempt.
 */
export function planGroups(libraries: readonly LibraryInWork[]): LibraryInWork[][] {
  const groups: LibraryInWork[][] = [];
  let together: ReadonlySet<number> | null = null;
  for (const library of libraries.toSorted((a, b) => a.appCount - b.appCount)) {
    const joined: Set<number> | null =
      together && library.appIds && new Set([...together, ...library.appIds]);
    if (joined !== null && joined.size <= appsPerPortion) {
      groups.at(-1)!.push(library);
      together = joined;
    } else {
      groups.push([library]);
      together = library.appIds;
    }
  }
  return groups;
}
