import type { LibraryKey } from '../contracts/library-key.ts';

/** A file that appears whole at `finish`, or not at all. */
export type LibraryWriter = {
  /** @param lines CSV lines, each with its line end. */
  write(lines: string): Promise<void>;
  finish(): Promise<void>;
  /** Takes back what was written. Never throws. */
  discard(): Promise<void>;
};

/** The library files in the bucket, as the stages read and write them. */
export type LibraryFiles = {
  /** The bytes as they arrive. @throws ValidationError FILE_TOO_LARGE, StorageError OBJECT_NOT_FOUND and others. */
  openLibrary(key: LibraryKey): Promise<AsyncIterable<Uint8Array>>;
  /** @param rejectedRows as of `createLibrary`; none unless told. */
  putLibrary(key: LibraryKey, csv: string, rejectedRows?: number): Promise<void>;
  /** @param rejectedRows rows that were refused on the way and that this file lacks; noted with the object. */
  createLibrary(key: LibraryKey, rejectedRows: number): Promise<LibraryWriter>;
  /** What was noted with the object: rows that this file lacks; 0 for a file that somebody dropped. */
  rejectedRowsOf(key: LibraryKey): Promise<number>;
  /** @param key of the rejects themselves (see `rejectsKey`). */
  putRejects(key: string, csv: string): Promise<void>;
};
