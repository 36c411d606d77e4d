import { enrichedHeader, writeEnrichedRows } from '../contracts/enriched-library.ts';
import { rejectsKey } from '../contracts/object-key.ts';
import type { PendingImports } from '../operations/ask-again.ts';
import {
  keepRejects,
  type LibraryFiles,
  type LibraryWriter,
  type RejectFiles,
} from '../stages/library-files.ts';
import { enrichRow } from './enrich-row.ts';
import { enrichedKeyOf, type LibraryInWork } from './library-in-work.ts';
import {
  appsPerPortion,
  type Checkpoints,
  type Found,
  keepPortion,
  type Portion,
  requireKnown,
} from './look-up-portions.ts';

type Ports = Checkpoints &
  RejectFiles &
  Pick<LibraryFiles, 'createLibrary'> & { pending: Pick<PendingImports, 'write' | 'drop'>; now(): number };

const rowsPerWrite = 200;

/** Looks nothing up: what is not known of the portion fails it. @throws IgdbApiError, StorageError */
export async function writePortion(
  library: LibraryInWork,
  portion: Portion,
  found: Found,
  ports: Ports,
): Promise<void> {
  await requireKnown(portion, found, ports);
  const writer = await writerOf(library, ports);
  library.current = null;
  for (let at = 0; at < portion.rows.length; at += rowsPerWrite) {
    const rows = portion.rows
      .slice(at, at + rowsPerWrite)
      .map((row) => enrichRow(row, found.evidence.of(row.appId)));
    for (const { matchStatus } of rows) library.counts[matchStatus] += 1;
    await writer.write(writeEnrichedRows(rows));
  }
  // Should a later portion fail, this one is not looked up again.
  if (library.appIds === null) await keepPortion(portion, found.evidence, ports);
}

/** Whoever reads the enriched library must not take apps for gone that were dropped on the way, so it notes how many. */
async function writerOf(
  library: LibraryInWork,
  ports: Pick<LibraryFiles, 'createLibrary'>,
): Promise<LibraryWriter> {
  if (library.writer) return library.writer;
  library.writer = await ports.createLibrary(enrichedKeyOf(library), {
    rejectedRows: library.droppedEarlier + library.rejects.count,
    askedAgain: library.key.again ?? false,
  });
  await library.writer.write(enrichedHeader);
  return library.writer;
}

/** The enriched library appears; what was kept for another attempt goes. @throws StorageError */
export async function publishLibrary(library: LibraryInWork, ports: Ports): Promise<void> {
  const { key, rejects, appCount } = library;
  // Before the library, whose event sets off the load: what was refused can be looked up from then on.
  await keepRejects(rejectsKey(key), rejects, ports);
  await markPending(library, ports);
  await (await writerOf(library, ports)).finish();
  for (let index = 0; index * appsPerPortion < Math.max(appCount, 1); index++)
    await ports.dropCheckpoint(key.importId, index);
}

/** Apps of which IGDB did not take a question are asked for again, unless this was another try that found them. */
async function markPending({ key, counts }: LibraryInWork, { pending, now }: Ports): Promise<void> {
  const { importId, again } = key;
  if (counts.PENDING > 0 && !again)
    await pending.write(importId, { since: new Date(now()).toISOString(), tries: 0 });
  if (counts.PENDING === 0 && again) await pending.drop(importId);
}
