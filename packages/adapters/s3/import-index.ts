import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { findIndexKey, findOpenKey, indexKey, openKey } from '@savepoint/core/contracts/object-key.ts';
import { type ImportIndex, type IndexEntry, mostEntries } from '@savepoint/core/operations/import-index.ts';
import { prefixes } from '@savepoint/core/topology.ts';
import type { Bucket } from './bucket.ts';

const emptyType = 'application/octet-stream';
/** Markers of a redrive are written so many at once. */
const writtenAtOnce = 20;

export function createImportIndex(bucket: Bucket): ImportIndex {
  const open = (importId: ImportId) => bucket.put(openKey(importId), '', emptyType);
  return {
    async add(place) {
      await Promise.all([bucket.put(indexKey(place), '', emptyType), open(place.importId)]);
    },
    async reopen(importIds) {
      for (let at = 0; at < importIds.length; at += writtenAtOnce)
        await Promise.all(importIds.slice(at, at + writtenAtOnce).map(open));
    },
    close: (importId) => bucket.delete(openKey(importId)),
    async page({ cursor, max }) {
      const entries: IndexEntry[] = [];
      const options = { after: cursor && prefixes.index + cursor, pageSize: Math.min(max, mostEntries) };
      for await (const { key } of bucket.list(prefixes.index, options)) {
        const place = findIndexKey(key);
        if (place) entries.push({ ...place, cursor: key.slice(prefixes.index.length) });
        if (entries.length >= options.pageSize) break;
      }
      return entries;
    },
    async *listOpen() {
      for await (const { key, writtenAt } of bucket.list(prefixes.open)) {
        const importId = findOpenKey(key);
        if (importId) yield { importId, since: writtenAt };
      }
    },
  };
}
