import type { PersonObjects } from '@savepoint/core/operations/forget.ts';
import type { Bucket } from './bucket.ts';

/** A person's objects with all that a versioned bucket keeps of them. */
export const createPersonObjects = (bucket: Bucket): PersonObjects => ({
  async *list(prefix) {
    let last: string | undefined;
    for await (const { key } of bucket.listVersions(prefix)) {
      if (key !== last) yield key;
      last = key;
    }
    // Storage without versions knows none, and tells of the objects alone.
    if (last === undefined) for await (const { key } of bucket.list(prefix)) yield key;
  },
  async remove(key) {
    for await (const version of bucket.listVersions(key))
      if (version.key === key) await bucket.delete(key, version.versionId);
    if ((await bucket.head(key)) !== null) await bucket.delete(key);
  },
});
