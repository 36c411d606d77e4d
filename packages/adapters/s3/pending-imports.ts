import { isImportId } from '@savepoint/core/contracts/import-id.ts';
import { pendingKey } from '@savepoint/core/contracts/object-key.ts';
import { PendingImport } from '@savepoint/core/contracts/pending-import.ts';
import type { PendingImports } from '@savepoint/core/operations/ask-again.ts';
import { prefixes } from '@savepoint/core/topology.ts';
import type { Bucket } from './bucket.ts';
import { createJsonObjects } from './json-object.ts';

export function createPendingImports(bucket: Bucket): PendingImports {
  const objects = createJsonObjects(bucket);
  return {
    async *list() {
      for await (const { key, writtenAt } of bucket.list(prefixes.pending)) {
        const importId = key.slice(prefixes.pending.length);
        if (isImportId(importId)) yield { importId, writtenAt };
      }
    },
    read: (importId) => objects.read(pendingKey(importId), PendingImport),
    write: (importId, pending) => objects.write(pendingKey(importId), pending),
    drop: (importId) => bucket.delete(pendingKey(importId)),
  };
}
