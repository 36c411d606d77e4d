import { indexedKey } from '@savepoint/core/contracts/object-key.ts';
import type { IndexImportsPorts } from '@savepoint/core/operations/index-imports.ts';
import type { Bucket } from './bucket.ts';

/** Whether imports of before the index were taken into it: said once for a bucket. */
export const createIndexedMark = (bucket: Bucket): IndexImportsPorts['indexed'] => ({
  async isDone() {
    for await (const _ of bucket.list(indexedKey, { pageSize: 1 })) return true;
    return false;
  },
  setDone: () => bucket.put(indexedKey, JSON.stringify({ at: new Date().toISOString() }), 'application/json'),
});
