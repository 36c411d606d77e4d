import { HeadObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { isNotFound, toStorageError } from './storage-error.ts';

export type StoredObjects = {
  has(key: string): Promise<boolean>;
  /** Every object below the prefix, in the order of the keys. */
  list(prefix: string): AsyncIterable<{ key: string; writtenAt: Date }>;
};

/** What lies in the bucket. */
export function createStoredObjects(s3: S3Client, bucket: string): StoredObjects {
  return {
    async has(key) {
      try {
        await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        throw toStorageError(error, key);
      }
    },
    async *list(prefix) {
      try {
        for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
          for (const { Key = '', LastModified = new Date(0) } of page.Contents ?? [])
            yield { key: Key, writtenAt: LastModified };
      } catch (error) {
        throw toStorageError(error, prefix);
      }
    },
  };
}
