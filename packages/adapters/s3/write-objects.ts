import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand, PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { StorageError } from '@savepoint/core/errors.ts';
import type { Bucket } from './bucket.ts';
import { lossyText, type ObjectReading } from './read-objects.ts';
import { asStorageError, type S3Calls } from './s3-calls.ts';
import { isNotFound, isPreconditionFailed, toStorageError } from './storage-error.ts';

const maxUpdateTries = 30;
const maxPauseMs = 200;

type Body = string | Uint8Array;
type Condition = { IfMatch: string } | { IfNoneMatch: '*' };
const isStill = (eTag: string | null | undefined): Condition =>
  eTag ? { IfMatch: eTag } : { IfNoneMatch: '*' };

export function createObjectWriting(
  calls: S3Calls,
  { readWhole }: Pick<ObjectReading, 'readWhole'>,
): Pick<Bucket, 'put' | 'create' | 'replace' | 'upload' | 'update' | 'delete'> {
  const { s3, at, inTime } = calls;
  return {
    put: async (key, body, contentType, Metadata) =>
      void (await asStorageError(key, put(calls, key, body, contentType, Metadata && { Metadata }))),
    create: async (key, body, contentType) =>
      (await tryPut(calls, key, body, contentType, isStill(null))) !== null,
    replace: async (key, body, contentType, eTag, { contentEncoding, metadata } = {}) => {
      const more = {
        ...isStill(eTag),
        ...(contentEncoding && { ContentEncoding: contentEncoding }),
        ...(metadata && { Metadata: metadata }),
      };
      return (await tryPut(calls, key, body, contentType, more))?.ETag ?? null;
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
        if (await tryPut(calls, key, next, contentType, isStill(current?.eTag))) return;
        // Several writers that lost together must not come back together.
        await delay(Math.random() * Math.min(maxPauseMs, 10 * 2 ** tries));
      }
      throw contended(key);
    },
    async delete(key, VersionId) {
      await asStorageError(
        key,
        inTime((client, options) => client.send(new DeleteObjectCommand({ ...at(key), VersionId }), options)),
      );
    },
  };
}

function put(
  { at, inTime }: S3Calls,
  key: string,
  body: Body,
  contentType: string,
  more: Partial<PutObjectCommandInput> | undefined,
) {
  const command = new PutObjectCommand({
    ...at(key),
    Body: body,
    // The SDK takes an empty text for a stream of unknown length.
    ContentLength: Buffer.byteLength(body),
    ContentType: contentType,
    ...more,
  });
  return inTime((s3, options) => s3.send(command, options));
}

/** @returns null when the condition did not hold. */
async function tryPut(
  calls: S3Calls,
  key: string,
  body: Body,
  contentType: string,
  more: Partial<PutObjectCommandInput>,
) {
  try {
    return await put(calls, key, body, contentType, more);
  } catch (error) {
    // A 404 here: the object that was read is gone meanwhile.
    if (isPreconditionFailed(error) || isNotFound(error)) return null;
    throw toStorageError(error, key);
  }
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
