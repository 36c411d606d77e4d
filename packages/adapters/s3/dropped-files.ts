import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { type LibraryKey, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { ImportCsvPorts } from '@savepoint/core/operations/import-csv.ts';
import type { Bucket, StoredObject } from './bucket.ts';

/** Stored as `x-amz-meta-import-id`. A copy under another name says by it that it is one. */
const importIdName = 'import-id';

/** Whether a library file came through the API, so that its import was asked for. */
export const isTakenByApi = (importId: ImportId, { metadata }: Pick<StoredObject, 'metadata'>): boolean =>
  metadata[importIdName] === importId;

/** Library files that somebody sends. Which of the encodings of Unicode they have, their first bytes say. */
export const createDroppedFiles = (bucket: Pick<Bucket, 'replace'>): Pick<ImportCsvPorts, 'createFile'> => ({
  createFile: async (key: LibraryKey, csv) =>
    (await bucket.replace(printLibraryKey(key), csv, 'text/csv', null, {
      metadata: { [importIdName]: key.importId },
    })) !== null,
});
