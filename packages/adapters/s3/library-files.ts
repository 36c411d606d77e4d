import { type LibraryKey, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import type { LibraryFiles, LibraryNotes } from '@savepoint/core/stages/library-files.ts';
import { libraryFileLimitBytes } from '@savepoint/core/topology.ts';
import type { Bucket } from './bucket.ts';
import { objectNotFound } from './storage-error.ts';

const csvType = 'text/csv; charset=utf-8';
/** Stored as `x-amz-meta-rejected-rows` and `x-amz-meta-asked-again`. */
const noteNames = { rejectedRows: 'rejected-rows', askedAgain: 'asked-again' } as const;

const writeNotes = ({ rejectedRows, askedAgain }: LibraryNotes): Record<string, string> => ({
  [noteNames.rejectedRows]: String(rejectedRows),
  ...(askedAgain && { [noteNames.askedAgain]: 'true' }),
});

export const createLibraryFiles = (bucket: Bucket, limitBytes = libraryFileLimitBytes): LibraryFiles => ({
  async openLibrary(key) {
    const name = printLibraryKey(key);
    const object = await bucket.open(name);
    if (object === null) throw objectNotFound(name);
    if (object.sizeBytes <= limitBytes) return object.body;
    object.discard();
    throw tooLarge(key, object.sizeBytes, limitBytes);
  },
  putLibrary: (key, csv, rejectedRows = 0) =>
    bucket.put(printLibraryKey(key), csv, csvType, writeNotes({ rejectedRows, askedAgain: false })),
  createLibrary: (key, notes) =>
    bucket.upload(printLibraryKey(key), {
      contentType: csvType,
      metadata: writeNotes(notes),
    }),
  async notesOf(key) {
    const name = printLibraryKey(key);
    const object = await bucket.head(name);
    if (object === null) throw objectNotFound(name);
    const { metadata } = object;
    return {
      rejectedRows: Number.parseInt(metadata[noteNames.rejectedRows] ?? '', 10) || 0,
      askedAgain: metadata[noteNames.askedAgain] === 'true',
    };
  },
  putRejects: (key, csv) => bucket.put(key, csv, csvType),
  dropRejects: (key) => bucket.delete(key),
});

function tooLarge(key: LibraryKey, sizeBytes: number, limitBytes: number): ValidationError {
  const name = printLibraryKey(key);
  return new ValidationError(
    'FILE_TOO_LARGE',
    `“${name}” has ${(sizeBytes / 1024 / 1024).toFixed(1)} MiB; a library file may have ${limitBytes / 1024 / 1024} MiB. No Steam library is so large: look at what the file holds.`,
    { details: { key: name, size_bytes: sizeBytes } },
  );
}
