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

/** What is noted with a library file beside its rows. */
export type LibraryNotes = {
  /** Rows that were refused on the way and that the file lacks; 0 for a file that somebody dropped. */
  rejectedRows: number;
  /** Its import was published before, and only its open apps were asked for again. */
  askedAgain: boolean;
};

/** The library files in the bucket, as the stages read and write them. */
export type LibraryFiles = {
  /** The bytes as they arrive. @throws ValidationError FILE_TOO_LARGE, StorageError OBJECT_NOT_FOUND and others. */
  openLibrary(key: LibraryKey): Promise<AsyncIterable<Uint8Array>>;
  /** @param rejectedRows see `LibraryNotes`; none unless told. */
  putLibrary(key: LibraryKey, csv: string, rejectedRows?: number): Promise<void>;
  createLibrary(key: LibraryKey, notes: LibraryNotes): Promise<LibraryWriter>;
  /** @throws StorageError OBJECT_NOT_FOUND and others */
  notesOf(key: LibraryKey): Promise<LibraryNotes>;
  /** @param key of the rejects themselves (see `rejectsKey`). */
  putRejects(key: string, csv: string): Promise<void>;
  /** Takes away what an earlier file of the same name left; nothing happens where there is nothing. */
  dropRejects(key: string): Promise<void>;
};

export type RejectFiles = Pick<LibraryFiles, 'putRejects' | 'dropRejects'>;

/** Keeps a file's bad rows; those of an earlier file of the same name go. @param key see `rejectsKey`. @throws StorageError */
export const keepRejects = (key: string, rejects: RejectedRows, files: RejectFiles): Promise<void> =>
  rejects.count > 0 ? files.putRejects(key, writeRejects(rejects)) : files.dropRejects(key);
