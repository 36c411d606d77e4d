import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ValidationError } from '@savepoint/core/errors.ts';
import { libraryFileLimitBytes } from '@savepoint/core/topology.ts';
import { toStorageError } from './storage-error.ts';

export type LibraryFiles = {
  /** The bytes as they arrive. @throws ValidationError FILE_TOO_LARGE, StorageError OBJECT_NOT_FOUND and others. */
  openLibrary(key: string): Promise<AsyncIterable<Uint8Array>>;
  putLibrary(key: string, csv: string): Promise<void>;
  /**
   * Uploads in parts while the lines are made; the object appears only when all of them are there.
   * @param rejectedRows rows that were refused before and are not among the lines; noted with the object.
   */
  streamLibrary(key: string, lines: AsyncIterable<string>, rejectedRows?: number): Promise<void>;
  /** What `streamLibrary` noted; 0 for a file that somebody dropped. */
  rejectedRowsOf(key: string): Promise<number>;
  putRejects(key: string, csv: string): Promise<void>;
};

export function createLibraryFiles(
  s3: S3Client,
  bucket: string,
  limitBytes = libraryFileLimitBytes,
): LibraryFiles {
  const put = async (key: string, csv: string) => {
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: csv, ContentType: csvType });
    await s3.send(command).catch((error) => Promise.reject(toStorageError(error, key)));
  };
  return {
    async openLibrary(key) {
      const object = await s3
        .send(new GetObjectCommand({ Bucket: bucket, Key: key }))
        .catch((error) => Promise.reject(toStorageError(error, key)));
      const body = object.Body as Readable;
      const sizeBytes = object.ContentLength ?? 0;
      if (sizeBytes > limitBytes) {
        body.destroy();
        throw tooLarge(key, sizeBytes, limitBytes);
      }
      return readBody(body, key);
    },
    putLibrary: put,
    putRejects: put,
    async streamLibrary(key, lines, rejectedRows = 0) {
      const { uploadInParts } = await import('./upload-in-parts.ts');
      const params = {
        Bucket: bucket,
        Key: key,
        ContentType: csvType,
        Metadata: { [rejectedRowsName]: String(rejectedRows) },
      };
      await uploadInParts(s3, params, lines).catch((error) => Promise.reject(toStorageError(error, key)));
    },
    async rejectedRowsOf(key) {
      const { Metadata = {} } = await s3
        .send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
        .catch((error) => Promise.reject(toStorageError(error, key)));
      return Number.parseInt(Metadata[rejectedRowsName] ?? '', 10) || 0;
    },
  };
}

const csvType = 'text/csv; charset=utf-8';
/** The object's metadata `x-amz-meta-rejected-rows`. */
const rejectedRowsName = 'rejected-rows';

/** A connection that breaks while the object is read is a failure of the storage, not of the file. */
export async function* readBody(body: Readable, key: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch (error) {
    throw toStorageError(error, key);
  }
}

const tooLarge = (key: string, sizeBytes: number, limitBytes: number) =>
  new ValidationError(
    'FILE_TOO_LARGE',
    `“${key}” has ${(sizeBytes / 1024 / 1024).toFixed(1)} MiB; a library file may have ${limitBytes / 1024 / 1024} MiB. No Steam library is so large: look at what the file holds.`,
    { details: { key, size_bytes: sizeBytes } },
  );
