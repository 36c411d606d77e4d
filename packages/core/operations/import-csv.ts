import { type ImportRequest, newImportRequest } from '../contracts/import-request.ts';
import { type LibraryKey, libraryKeyOf } from '../contracts/library-key.ts';
import { noUsableRows } from '../contracts/library-reader.ts';
import { readRawLibrary } from '../contracts/raw-library.ts';
import { RejectedRows } from '../contracts/rejects.ts';
import { StorageError } from '../errors.ts';
import type { SteamId } from '../steam-id.ts';
import type { ImportStatusStore } from './import-status-store.ts';

export type ImportCsvPorts = {
  /** Puts a file where none is. @returns false where one is. */
  createFile(key: LibraryKey, csv: Uint8Array): Promise<boolean>;
  statuses: Pick<ImportStatusStore, 'createRequest'>;
  now(): Date;
};

/** What an answer of the API has the room for; larger files go straight into the bucket. */
export const mostCsvBytes = 4 * 1024 * 1024;

/** More than one person's files within a millisecond; storage that refuses them all is out of order. */
const maxTries = 50;

/**
 * Puts a library file under `raw/`, from where it goes on like one that somebody dropped there. It is read first, so that
 * whoever sent something else hears it at once; single bad rows are the stage's to reject.
 * @throws ValidationError CSV_…; StorageError STORAGE_CONTENDED and others
 */
export async function importCsv(
  steamId: SteamId,
  csv: Uint8Array,
  { createFile, statuses, now }: ImportCsvPorts,
): Promise<ImportRequest> {
  await assertLibrary(csv);
  const at = now().getTime();
  for (let tries = 0; tries < maxTries; tries += 1) {
    const request = newImportRequest(steamId, new Date(at + tries));
    if (!(await createFile(libraryKeyOf('raw', request.import_id), csv))) continue;
    // Behind the file: a request without one would be fetched from Steam. One that is there already has its own file.
    await statuses.createRequest(request);
    return request;
  }
  throw new StorageError(
    'STORAGE_CONTENDED',
    'There are too many files of this person at once; try again in a moment.',
    { retryable: true },
  );
}

async function assertLibrary(csv: Uint8Array): Promise<void> {
  const all = new RejectedRows();
  let usable = 0;
  for await (const { rows, rejects } of readRawLibrary(chunksOf(csv))) {
    usable += rows.length;
    all.add(rejects);
  }
  if (usable === 0 && all.count > 0) throw noUsableRows(all);
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
