import { exportKey } from '@savepoint/core/contracts/object-key.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import { objectLimits } from '../limits.ts';
import type { Bucket, OpenObject } from './bucket.ts';

/** Which reading of the database lies in the bucket, and the ETag to replace it by. */
export type StoredRevision = { revision: bigint; eTag: string | null };

export type PublishedLibraries = {
  /** The library as it lies there, gzip; null where there is none. @throws StorageError */
  open(steamId: SteamId): Promise<OpenObject | null>;
  /** The same as a whole. */
  read(steamId: SteamId): Promise<Uint8Array | null>;
  /** Revision -1 where nothing lies there, or something that says none. @throws StorageError */
  revisionOf(steamId: SteamId): Promise<StoredRevision>;
  /**
   * @param bytes gzip of a `PublishedLibrary` as JSON.
   * @returns false when somebody else wrote meanwhile. @throws StorageError
   */
  replace(steamId: SteamId, bytes: Uint8Array, revision: bigint, eTag: string | null): Promise<boolean>;
};

/** Stored as `x-amz-meta-revision`. */
const revisionName = 'revision';

export const createPublishedLibraries = (bucket: Bucket): PublishedLibraries => ({
  read: (steamId) => bucket.readBytes(exportKey(steamId), objectLimits.publishedLibrary),
  open: (steamId) => bucket.open(exportKey(steamId)),
  async revisionOf(steamId) {
    const object = await bucket.head(exportKey(steamId));
    const told = object?.metadata[revisionName] ?? '';
    return { revision: /^\d{1,18}$/.test(told) ? BigInt(told) : -1n, eTag: object?.eTag ?? null };
  },
  async replace(steamId, bytes, revision, eTag) {
    const written = await bucket.replace(exportKey(steamId), bytes, 'application/json', eTag, {
      contentEncoding: 'gzip',
      metadata: { [revisionName]: String(revision) },
    });
    return written !== null;
  },
});
