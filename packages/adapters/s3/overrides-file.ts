import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { overridesKey } from '@savepoint/core/contracts/object-key.ts';
import { StorageError } from '@savepoint/core/errors.ts';
import { isNotFound, isPreconditionFailed, toStorageError } from './storage-error.ts';

/** `overrides/apps.csv` as text, changed without losing what somebody else wrote meanwhile. */
export type OverridesFile = {
  /** Null when nobody wrote overrides. */
  read(): Promise<string | null>;
  /** Writes `change(text)`; when another writer came between, reads and changes again. Null changes nothing. */
  update(change: (text: string | null) => Promise<string | null>): Promise<void>;
};

const maxTries = 10;

export function createOverridesFile(s3: S3Client, bucket: string): OverridesFile {
  const object = { Bucket: bucket, Key: overridesKey };
  const get = async () => {
    try {
      const { Body, ETag } = await s3.send(new GetObjectCommand(object));
      return { text: (await Body?.transformToString()) ?? '', eTag: ETag };
    } catch (error) {
      if (isNotFound(error)) return null;
      throw toStorageError(error, overridesKey);
    }
  };
  const tryPut = async (text: string, condition: { IfMatch: string | undefined } | { IfNoneMatch: '*' }) => {
    try {
      await s3.send(
        new PutObjectCommand({ ...object, Body: text, ContentType: 'text/csv; charset=utf-8', ...condition }),
      );
      return true;
    } catch (error) {
      if (isPreconditionFailed(error) || isNotFound(error)) return false;
      throw toStorageError(error, overridesKey);
    }
  };
  return {
    read: async () => (await get())?.text ?? null,
    async update(change) {
      for (let tries = 0; tries < maxTries; tries++) {
        const current = await get();
        const text = await change(current?.text ?? null);
        if (text === null) return;
        if (await tryPut(text, current ? { IfMatch: current.eTag } : { IfNoneMatch: '*' })) return;
      }
      throw new StorageError(
        'STORAGE_CONTENDED',
        `“${overridesKey}” is being changed by somebody else; try again.`,
        {
          retryable: true,
        },
      );
    },
  };
}
