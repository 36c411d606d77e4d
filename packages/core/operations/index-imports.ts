import type { ImportId } from '../contracts/import-id.ts';
import { hasEnded } from '../contracts/import-status.ts';
import { findLibraryKey } from '../contracts/library-key.ts';
import { findIndexKey } from '../contracts/object-key.ts';
import { libraryKinds, prefixes } from '../topology.ts';
import { forEachAtOnce } from './at-once.ts';
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
  await forEachAtOnce(missing, atOnce, async (importId) => {
    await ports.index.add(importId);
    if (hasEnded(importId, await ports.statuses.read(importId), ports.now()))
      await ports.index.close(importId);
  });
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
