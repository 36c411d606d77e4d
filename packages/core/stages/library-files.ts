import type { LibraryKey } from '../contracts/library-key.ts';
import { type RejectedRows, writeRejects } from '../contracts/rejects.ts';

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
  /** Takes away what an earlier file of the same name left; nothing happens where there is nothing. */
  dropRejects(key: string): Promise<void>;
};

export type RejectFiles = Pick<LibraryFiles, 'putRejects' | 'dropRejects'>;

/** Keeps a file's bad rows; those of an earlier file of the same name go. @param key see `rejectsKey`. @throws StorageError */
export const keepRejects = (key: string, rejects: RejectedRows, files: RejectFiles): Promise<void> =>
  rejects.count > 0 ? files.putRejects(key, writeRejects(rejects)) : files.dropRejects(key);
