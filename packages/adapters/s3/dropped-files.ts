import { type LibraryKey, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { ImportCsvPorts } from '@savepoint/core/operations/import-csv.ts';
import type { Bucket } from './bucket.ts';

/** Library files that somebody sends. Which of the encodings of Unicode they have, their first bytes say. */
export const createDroppedFiles = (bucket: Pick<Bucket, 'replace'>): Pick<ImportCsvPorts, 'createFile'> => ({
  createFile: async (key: LibraryKey, csv) =>
    (await bucket.replace(printLibraryKey(key), csv, 'text/csv', null)) !== null,
});
