import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { checkpointKey, igdbTokenKey, overridesKey } from '@savepoint/core/contracts/object-key.ts';
import { StoredToken, type TokenStore } from '../igdb/token-store.ts';
import { createJsonObjects } from './json-object.ts';
import { createLibraryFiles, readBody } from './library-files.ts';
import { isNotFound, toStorageError } from './storage-error.ts';

/** What enrichment keeps between attempts and instances, and what people decided for it. */
export type EnrichmentState = {
  /** Null when nobody wrote overrides. */
  openOverrides(): Promise<AsyncIterable<Uint8Array> | null>;
  /** Null when there is none, or one so old that IGDB may have changed since. */
  openCheckpoint(importId: ImportId, portion?: number): Promise<AsyncIterable<Uint8Array> | null>;
  saveCheckpoint(importId: ImportId, lines: Iterable<string>, portion?: number): Promise<void>;
  dropCheckpoint(importId: ImportId, portion?: number): Promise<void>;
  igdbToken: TokenStore;
};

const checkpointLifeMs = 24 * 60 * 60 * 1000;

export function createEnrichmentState(s3: S3Client, bucket: string): EnrichmentState {
  const objects = createJsonObjects(s3, bucket);
  const files = createLibraryFiles(s3, bucket);
  const open = async (key: string) => {
    try {
      const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return { body: object.Body as Readable, modifiedAt: object.LastModified?.getTime() ?? 0 };
    } catch (error) {
      if (isNotFound(error)) return null;
      throw toStorageError(error, key);
    }
  };
  return {
    async openOverrides() {
      const overrides = await open(overridesKey);
      return overrides && readBody(overrides.body, overridesKey);
    },
    async openCheckpoint(importId, portion) {
      const key = checkpointKey(importId, portion);
      const checkpoint = await open(key);
      if (checkpoint === null) return null;
      if (Date.now() - checkpoint.modifiedAt < checkpointLifeMs) return readBody(checkpoint.body, key);
      checkpoint.body.destroy();
      return null;
    },
    saveCheckpoint: (importId, lines, portion) =>
      files.streamLibrary(checkpointKey(importId, portion), Readable.from(lines)),
    async dropCheckpoint(importId, portion) {
      const Key = checkpointKey(importId, portion);
      await s3
        .send(new DeleteObjectCommand({ Bucket: bucket, Key }))
        .catch((error) => Promise.reject(toStorageError(error, Key)));
    },
    igdbToken: {
      read: () => objects.read(igdbTokenKey, StoredToken),
      write: (token) => objects.write(igdbTokenKey, token),
    },
  };
}
