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
import { isNotFound, isPreconditionFailed, toStorageError } from './storage-error.ts';

/** The one door to S3: every adapter goes through it, and hears of S3's failures as StorageErrors alone. */
export type Bucket = {
  /** Null when there is no such object. */
  open(key: string): Promise<OpenObject | null>;
  /** The whole text; null when there is no such object. */
  read(key: string): Promise<string | null>;
  /** Null when there is no such object. */
  head(key: string): Promise<StoredObject | null>;
  put(key: string, body: string, contentType: string, metadata?: Record<string, string>): Promise<void>;
  /** As `put`, unless an object is there already. @returns whether it was written. */
  create(key: string, body: string, contentType: string): Promise<boolean>;
  /** For what is written bit by bit: the object appears at `finish`. */
  upload(key: string, options: UploadOptions): Promise<ObjectWriter>;
  /**
   * Writes `change(text)` in place of the text that is there, null for none; when somebody else wrote meanwhile, reads
   * and changes again. Null writes nothing.
   * @throws StorageError STORAGE_CONTENDED after many lost races, and what `change` throws.
   */
  update(
    key: string,
    contentType: string,
    change: (text: string | null) => string | null | Promise<string | null>,
  ): Promise<void>;
  delete(key: string): Promise<void>;
  /** Every object below the prefix, in the order of the keys. */
  list(prefix: string): AsyncIterable<{ key: string; writtenAt: Date }>;
  /** The prefixes up to the next slash of the keys that begin with `prefix`. */
  listFolders(prefix: string): AsyncIterable<string>;
};

export type StoredObject = { sizeBytes: number; writtenAt: Date; metadata: Readonly<Record<string, string>> };
/** `discard` gives back the connection of a body that is not read. */
export type OpenObject = StoredObject & {
  eTag: string | undefined;
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

export function createBucket(s3: S3Client, name: string): Bucket {
  const at = (key: string) => ({ Bucket: name, Key: key });
  const open = (key: string) =>
    orNull(key, async () => {
      const object = await s3.send(new GetObjectCommand(at(key)));
      const body = object.Body as Readable;
      return {
        ...describe(object),
        eTag: object.ETag,
        body: readBody(body, key),
        discard: () => void body.destroy(),
      };
    });
  const readText = async (key: string) => {
    const object = await open(key);
    return object && { text: await textOf(object.body), eTag: object.eTag };
  };
  const put = (key: string, body: string, contentType: string, more: PutOptions = {}) =>
    s3.send(
      new PutObjectCommand({
        ...at(key),
        Body: body,
        // The SDK takes an empty text for a stream of unknown length.
        ContentLength: Buffer.byteLength(body),
        ContentType: contentType,
        ...more,
      }),
    );
  /** @returns false when the condition did not hold. */
  const tryPut = async (key: string, body: string, contentType: string, condition: Condition) => {
    try {
      await put(key, body, contentType, condition);
      return true;
    } catch (error) {
      // A 404 here: the object that was read is gone meanwhile.
      if (isPreconditionFailed(error) || isNotFound(error)) return false;
      throw toStorageError(error, key);
    }
  };
  async function* pages(prefix: string, delimiter?: string): AsyncGenerator<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const input = { Bucket: name, Prefix: prefix, Delimiter: delimiter, ContinuationToken: token };
      const page = await asStorageError(prefix, s3.send(new ListObjectsV2Command(input)));
      yield page;
      token = page.NextContinuationToken;
    } while (token);
  }
  return {
    open,
    read: async (key) => (await readText(key))?.text ?? null,
    head: (key) => orNull(key, async () => describe(await s3.send(new HeadObjectCommand(at(key))))),
    put: async (key, body, contentType, metadata) =>
      void (await asStorageError(key, put(key, body, contentType, metadata && { Metadata: metadata }))),
    create: (key, body, contentType) => tryPut(key, body, contentType, { IfNoneMatch: '*' }),
    async upload(key, { contentType, metadata }) {
      // Loaded at the first upload: an instance that writes nothing starts faster without.
      const { uploadInParts } = await import('./upload-in-parts.ts');
      return uploadInParts(s3, { ...at(key), ContentType: contentType, Metadata: metadata });
    },
    async update(key, contentType, change) {
      for (let tries = 0; tries < maxUpdateTries; tries++) {
        const current = await readText(key);
        const next = await change(current?.text ?? null);
        if (next === null) return;
        const condition: Condition = current?.eTag ? { IfMatch: current.eTag } : { IfNoneMatch: '*' };
        if (await tryPut(key, next, contentType, condition)) return;
        // Several writers that lost together must not come back together.
        await delay(Math.random() * Math.min(maxPauseMs, 10 * 2 ** tries));
      }
      throw contended(key);
    },
    delete: async (key) => void (await asStorageError(key, s3.send(new DeleteObjectCommand(at(key))))),
    async *list(prefix) {
      for await (const { Contents = [] } of pages(prefix))
        for (const { Key = '', LastModified = new Date(0) } of Contents)
          yield { key: Key, writtenAt: LastModified };
    },
    async *listFolders(prefix) {
      for await (const { CommonPrefixes = [] } of pages(prefix, '/'))
        for (const { Prefix = '' } of CommonPrefixes) yield Prefix;
    },
  };
}

type Condition = { IfMatch?: string; IfNoneMatch?: '*' };
type PutOptions = Condition & { Metadata?: Record<string, string> };

const describe = (object: {
  ContentLength?: number | undefined;
  LastModified?: Date | undefined;
  Metadata?: Record<string, string> | undefined;
}): StoredObject => ({
  sizeBytes: object.ContentLength ?? 0,
  writtenAt: object.LastModified ?? new Date(0),
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

/** A connection that breaks while the object is read is a failure of the storage, not of the file. */
async function* readBody(body: Readable, key: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    throw toStorageError(error, key);
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
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
