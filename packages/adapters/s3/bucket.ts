import type { S3Client } from '@aws-sdk/client-s3';
import { createObjectListing } from './list-objects.ts';
import { createObjectReading } from './read-objects.ts';
import { createS3Calls, defaultPatience } from './s3-calls.ts';
import { createObjectWriting } from './write-objects.ts';

/** The one door to S3: every adapter goes through it, and hears of S3's failures as StorageErrors alone. */
export type Bucket = {
  /** Null when there is no such object. @param maxBytes the body ends with an error beyond. */
  open(key: string, maxBytes?: number): Promise<OpenObject | null>;
  /** The whole text; null when there is no such object. @throws ValidationError OBJECT_TOO_LARGE */
  read(key: string, maxBytes?: number): Promise<string | null>;
  /** All of it as it lies there; null when there is no such object. @throws ValidationError OBJECT_TOO_LARGE */
  readBytes(key: string, maxBytes?: number): Promise<Uint8Array | null>;
  /** Null when there is no such object. */
  head(key: string): Promise<StoredObject | null>;
  put(key: string, body: string, contentType: string, metadata?: Record<string, string>): Promise<void>;
  /** As `put`, unless an object is there already. @returns whether it was written. */
  create(key: string, body: string, contentType: string): Promise<boolean>;
  /** For what is written bit by bit: the object appears at `finish`. */
  upload(key: string, options: UploadOptions): Promise<ObjectWriter>;
  /**
   * Writes in place of the object of this ETag, or where there is none for null.
   * @returns the new ETag; null when another object lies there.
   */
  replace(
    key: string,
    body: Uint8Array,
    contentType: string,
    eTag: string | null,
    options?: ReplaceOptions,
  ): Promise<string | null>;
  /**
   * Writes `change(text)` in place of the text that is there, null for none; when somebody else wrote meanwhile, reads
   * and changes again. Null writes nothing.
   * @throws StorageError STORAGE_CONTENDED after many lost races; ValidationError OBJECT_TOO_LARGE; and what `change`
   *   and `decode` throw.
   */
  update(
    key: string,
    contentType: string,
    change: (text: string | null) => string | null | Promise<string | null>,
    options?: UpdateOptions,
  ): Promise<void>;
  /** @param versionId that version alone, for good; without, a versioned bucket keeps what was there. */
  delete(key: string, versionId?: string): Promise<void>;
  /** Every object below the prefix, in the order of the keys; at most 1,000 a request. */
  list(prefix: string, options?: ListOptions): AsyncIterable<{ key: string; writtenAt: Date }>;
  /** What a versioned bucket keeps below the prefix, delete markers too; nothing where there are no versions. */
  listVersions(prefix: string): AsyncIterable<{ key: string; versionId: string }>;
  /** The prefixes up to the next slash of the keys that begin with `prefix`. */
  listFolders(prefix: string): AsyncIterable<string>;
};

/** `after`: keys behind this one. `pageSize`: a reader that takes no more costs one request. */
export type ListOptions = { after?: string | undefined; pageSize?: number };
/** `decode`: by default what is no UTF-8 is lost. */
export type UpdateOptions = { maxBytes?: number | undefined; decode?: (bytes: Uint8Array) => string };
/** `contentEncoding`: how `body` is packed, for those who read it over HTTP. */
export type ReplaceOptions = { contentEncoding?: string; metadata?: Record<string, string> };
export type StoredObject = {
  sizeBytes: number;
  writtenAt: Date;
  eTag: string | undefined;
  metadata: Readonly<Record<string, string>>;
};
/** `discard` gives back the connection of a body that is not read. */
export type OpenObject = StoredObject & {
  body: AsyncIterable<Uint8Array>;
  discard(): void;
};
export type UploadOptions = { contentType: string; metadata: Record<string, string> };
export type ObjectWriter = {
  write(text: string): Promise<void>;
  finish(): Promise<void>;
  /** Takes back what was written. Never throws. */
  discard(): Promise<void>;
};

export function createBucket(s3: S3Client, name: string, patience = defaultPatience): Bucket {
  const calls = createS3Calls(s3, name, patience);
  const { readWhole, ...reading } = createObjectReading(calls);
  return { ...reading, ...createObjectWriting(calls, { readWhole }), ...createObjectListing(calls) };
}
