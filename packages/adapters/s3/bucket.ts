import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { StorageError } from '@savepoint/core/errors.ts';
import { libraryFileLimitBytes } from '@savepoint/core/topology.ts';
import { objectLimits } from '../limits.ts';
import { within } from '../within.ts';
import { type BodyPatience, readBody } from './object-body.ts';
import { isNotFound, isPreconditionFailed, toStorageError } from './storage-error.ts';

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
  replace(key: string, body: Uint8Array, contentType: string, eTag: string | null): Promise<string | null>;
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
  delete(key: string): Promise<void>;
  /** Every object below the prefix, in the order of the keys; at most 1,000 a request. */
  list(prefix: string, options?: ListOptions): AsyncIterable<{ key: string; writtenAt: Date }>;
  /** The prefixes up to the next slash of the keys that begin with `prefix`. */
  listFolders(prefix: string): AsyncIterable<string>;
};

/** `after`: keys behind this one. `pageSize`: a reader that takes no more costs one request. */
export type ListOptions = { after?: string | undefined; pageSize?: number };
/** `decode`: by default what is no UTF-8 is lost. */
export type UpdateOptions = { maxBytes?: number | undefined; decode?: (bytes: Uint8Array) => string };
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

const maxUpdateTries = 30;
const maxPauseMs = 200;

/** How long a call may take, with all its tries and all of its answer; and a body, whose reader takes its time. */
export type BucketPatience = BodyPatience & { callSeconds: number };
const defaultPatience: BucketPatience = { callSeconds: 70, idleSeconds: 10, bodySeconds: 60 };

export function createBucket(s3: S3Client, name: string, patience = defaultPatience): Bucket {
  const at = (key: string) => ({ Bucket: name, Key: key });
  /** The client's own limit ends where the answer begins; this one holds to its end. */
  const inTime = <Value>(send: (options: { abortSignal: AbortSignal }) => Promise<Value>): Promise<Value> => {
    const stop = new AbortController();
    return within(patience.callSeconds, send({ abortSignal: stop.signal }), () => stop.abort());
  };
  const open = (key: string, maxBytes: number = libraryFileLimitBytes) =>
    orNull(key, async () => {
      const object = await inTime((options) => s3.send(new GetObjectCommand(at(key)), options));
      const body = object.Body as Readable;
      return {
        ...describe(object),
        body: readBody(body, { key, maxBytes, patience }),
        discard: () => void body.destroy(),
      };
    });
  const readWhole = async (key: string, maxBytes: number = objectLimits.text) => {
    const object = await open(key, maxBytes);
    return object && { bytes: await bytesOf(object.body), eTag: object.eTag };
  };
  const put = (key: string, body: string | Uint8Array, contentType: string, more: PutOptions = {}) => {
    const command = new PutObjectCommand({
      ...at(key),
      Body: body,
      // The SDK takes an empty text for a stream of unknown length.
      ContentLength: Buffer.byteLength(body),
      ContentType: contentType,
      ...more,
    });
    return inTime((options) => s3.send(command, options));
  };
  /** @returns null when the condition did not hold. */
  const tryPut = async (
    key: string,
    body: string | Uint8Array,
    contentType: string,
    condition: Condition,
  ) => {
    try {
      return await put(key, body, contentType, condition);
    } catch (error) {
      // A 404 here: the object that was read is gone meanwhile.
      if (isPreconditionFailed(error) || isNotFound(error)) return null;
      throw toStorageError(error, key);
    }
  };
  async function* pages(
    prefix: string,
    { after, pageSize, delimiter }: ListOptions & { delimiter?: string } = {},
  ): AsyncGenerator<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const input = {
        Bucket: name,
        Prefix: prefix,
        Delimiter: delimiter,
        StartAfter: after,
        MaxKeys: pageSize,
        ContinuationToken: token,
      };
      const listing = inTime((options) => s3.send(new ListObjectsV2Command(input), options));
      const page = await asStorageError(prefix, listing);
      yield page;
      token = page.NextContinuationToken;
    } while (token);
  }
  return {
    open,
    async read(key, maxBytes) {
      const object = await readWhole(key, maxBytes);
      return object && lossyText(object.bytes);
    },
    readBytes: async (key, maxBytes) => (await readWhole(key, maxBytes))?.bytes ?? null,
    head: (key) =>
      orNull(key, async () =>
        describe(await inTime((options) => s3.send(new HeadObjectCommand(at(key)), options))),
      ),
    put: async (key, body, contentType, metadata) =>
      void (await asStorageError(key, put(key, body, contentType, metadata && { Metadata: metadata }))),
    create: async (key, body, contentType) =>
      (await tryPut(key, body, contentType, { IfNoneMatch: '*' })) !== null,
    replace: async (key, body, contentType, eTag) => {
      const condition: Condition = eTag === null ? { IfNoneMatch: '*' } : { IfMatch: eTag };
      return (await tryPut(key, body, contentType, condition))?.ETag ?? null;
    },
    async upload(key, { contentType, metadata }) {
      // Loaded at the first upload: an instance that writes nothing starts faster without.
      const { uploadInParts } = await import('./upload-in-parts.ts');
      return uploadInParts(s3, { ...at(key), ContentType: contentType, Metadata: metadata });
    },
    async update(key, contentType, change, { maxBytes, decode = lossyText } = {}) {
      for (let tries = 0; tries < maxUpdateTries; tries++) {
        const current = await readWhole(key, maxBytes);
        const next = await change(current && decode(current.bytes));
        if (next === null) return;
        const condition: Condition = current?.eTag ? { IfMatch: current.eTag } : { IfNoneMatch: '*' };
        if (await tryPut(key, next, contentType, condition)) return;
        // Several writers that lost together must not come back together.
        await delay(Math.random() * Math.min(maxPauseMs, 10 * 2 ** tries));
      }
      throw contended(key);
    },
    async delete(key) {
      await asStorageError(
        key,
        inTime((options) => s3.send(new DeleteObjectCommand(at(key)), options)),
      );
    },
    async *list(prefix, options) {
      for await (const { Contents = [] } of pages(prefix, options))
        for (const { Key = '', LastModified = new Date(0) } of Contents)
          yield { key: Key, writtenAt: LastModified };
    },
    async *listFolders(prefix) {
      for await (const { CommonPrefixes = [] } of pages(prefix, { delimiter: '/' }))
        for (const { Prefix = '' } of CommonPrefixes) yield Prefix;
    },
  };
}

type Condition = { IfMatch?: string; IfNoneMatch?: '*' };
type PutOptions = Condition & { Metadata?: Record<string, string> };

const describe = (object: {
  ContentLength?: number | undefined;
  LastModified?: Date | undefined;
  ETag?: string | undefined;
  Metadata?: Record<string, string> | undefined;
}): StoredObject => ({
  sizeBytes: object.ContentLength ?? 0,
  writtenAt: object.LastModified ?? new Date(0),
  eTag: object.ETag,
  metadata: object.Metadata ?? {},
});

async function orNull<Value>(key: string, ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask();
  } catch (error) {
    if (isNotFound(error)) return null;
    throw toStorageError(error, key);
  }
}

const asStorageError = <Value>(key: string, asking: Promise<Value>): Promise<Value> =>
  asking.catch((error) => Promise.reject(toStorageError(error, key)));

const lossyText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const contended = (key: string) =>
  new StorageError(
    'STORAGE_CONTENDED',
    `“${key}” is being changed from too many places at once; try again.`,
    {
      retryable: true,
      details: { key },
    },
  );
