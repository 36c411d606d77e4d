import type { ImportId } from '../contracts/import-id.ts';
import { viewImport } from '../contracts/import-status.ts';
import { findLibraryKey } from '../contracts/library-key.ts';
import { findIndexKey } from '../contracts/object-key.ts';
import { libraryKinds, prefixes } from '../topology.ts';
import type { ImportIndex } from './import-index.ts';
import type { ImportStatusStore } from './import-status-store.ts';

export type IndexImportsPorts = {
  /** Every object below a prefix. */
  objects: { list(prefix: string): AsyncIterable<{ key: string }> };
  statuses: Pick<ImportStatusStore, 'list' | 'read'>;
  index: Pick<ImportIndex, 'add' | 'close'>;
  /** Whether all imports of before the index were taken into it. */
  indexed: { isDone(): Promise<boolean>; setDone(): Promise<void> };
  now(): Date;
};

/** Imports are looked at so many at once. */
const atOnce = 20;

/**
 * Takes into the index what it lacks: imports of before there was one, and any whose entry was lost. It walks through all
 * that was ever imported. @returns how many it lacked.
 */
export async function indexImports(ports: IndexImportsPorts): Promise<number> {
  const missing = await findMissing(ports);
  const queue = [...missing];
  const work = async () => {
    for (let importId = queue.pop(); importId; importId = queue.pop()) {
      await ports.index.add(importId);
      if (await hasEnded(importId, ports)) await ports.index.close(importId);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await ports.indexed.setDone();
  return missing.size;
}

async function findMissing({ objects, statuses }: IndexImportsPorts): Promise<Set<ImportId>> {
  const imports = new Set<ImportId>(await statuses.list({ max: Number.POSITIVE_INFINITY }));
  for (const kind of libraryKinds)
    for await (const { key } of objects.list(prefixes[kind])) {
      const found = findLibraryKey(key);
      if (found) imports.add(found.importId);
    }
  for await (const { key } of objects.list(prefixes.index)) {
    const importId = findIndexKey(key);
    if (importId) imports.delete(importId);
  }
  return imports;
}

async function hasEnded(importId: ImportId, { statuses, now }: IndexImportsPorts): Promise<boolean> {
  const stored = await statuses.read(importId);
  const status = stored && viewImport(importId, stored, now()).status;
  return status === 'completed' || status === 'failed';
}
