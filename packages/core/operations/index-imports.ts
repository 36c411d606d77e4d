import type { ImportId } from '../contracts/import-id.ts';
import { hasEnded } from '../contracts/import-view.ts';
import { findLibraryKey } from '../contracts/library-key.ts';
import { findIndexKey, placeOf } from '../contracts/object-key.ts';
import { libraryKinds, prefixes } from '../topology.ts';
import { forEachAtOnce } from './at-once.ts';
import type { ImportIndex } from './import-index.ts';
import type { ImportStatusStore } from './import-status-store.ts';

export type IndexImportsPorts = {
  /** Every object below a prefix. */
  objects: { list(prefix: string): AsyncIterable<{ key: string; writtenAt: Date }> };
  statuses: Pick<ImportStatusStore, 'list' | 'read' | 'placeDropped'>;
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
  await forEachAtOnce([...missing], atOnce, async ([importId, fileWrittenAt]) => {
    const stored = await ports.statuses.read(importId);
    const asked = placeOf(importId);
    const at = fileWrittenAt?.getTime() ?? asked.at;
    await ports.index.add(
      stored?.request ? asked : await ports.statuses.placeDropped(importId, async () => at),
    );
    if (hasEnded(importId, stored, ports.now())) await ports.index.close(importId);
  });
  await ports.indexed.setDone();
  return missing.size;
}

/** With the time of the first of their files, if they have any. */
async function findMissing({
  objects,
  statuses,
}: IndexImportsPorts): Promise<Map<ImportId, Date | undefined>> {
  const imports = new Map<ImportId, Date | undefined>();
  for (const importId of await statuses.list({ max: Number.POSITIVE_INFINITY }))
    imports.set(importId, undefined);
  for (const kind of libraryKinds)
    for await (const { key, writtenAt } of objects.list(prefixes[kind])) {
      const importId = findLibraryKey(key)?.importId;
      if (importId) imports.set(importId, imports.get(importId) ?? writtenAt);
    }
  for await (const { key } of objects.list(prefixes.index)) {
    const place = findIndexKey(key);
    if (place) imports.delete(place.importId);
  }
  return imports;
}
