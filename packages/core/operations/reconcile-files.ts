import type { ImportId } from '../contracts/import-id.ts';
import { findLibraryKey, libraryKeyForm, libraryKeyOf, printLibraryKey } from '../contracts/library-key.ts';
import { eventSuffix, type LibraryKind, libraryKinds, prefixes } from '../topology.ts';
import { forEachAtOnce } from './at-once.ts';
import type { Files } from './missed-stage.ts';
import type { ReconcileOptions, ReconcilePorts } from './reconcile.ts';

/** Which imports a reconciliation looks at, and the files that they have. */

/**
 * A file among the libraries that is none: `suffix` when no event announces it, `name` when its name says nobody's
 * library. Whoever dropped it should give it a name like `expected`.
 */
export type StrayFile = { s3_key: string; since: string; reason: 'suffix' | 'name'; expected: string };
/** S3 is asked about so many imports at once. */
export const lookedAtOnce = 20;

/** So many open imports are looked at in a run unless it says otherwise; the daily walk finds what is behind them. */
const usualMostOpen = 20_000;

/** Imports that are marked as open for long enough, with their files. */
export async function collectOpen(
  ports: ReconcilePorts,
  options: ReconcileOptions,
): Promise<{ imports: Map<ImportId, Files>; more: boolean }> {
  const { mostOpen = usualMostOpen } = options;
  const importIds: ImportId[] = [];
  let more = false;
  for await (const { importId, since } of ports.index.listOpen()) {
    if (!isWithin(since, ports.now(), options)) continue;
    more = importIds.length === mostOpen;
    if (more) break;
    importIds.push(importId);
  }
  const imports = new Map<ImportId, Files>();
  await forEachAtOnce(importIds, lookedAtOnce, async (importId) => {
    const files: Files = {};
    // Listed by its whole key: nobody here may read what is in it.
    for (const kind of libraryKinds)
      for await (const { writtenAt } of ports.objects.list(printLibraryKey(libraryKeyOf(kind, importId))))
        files[kind] = writtenAt;
    imports.set(importId, files);
  });
  return { imports, more };
}

/** So many strays are named; whoever has more does not read on. */
const namedStrays = 1000;

/** All that was ever imported. */
export async function collectFiles(
  ports: ReconcilePorts,
  options: ReconcileOptions,
): Promise<{ imports: Map<ImportId, Files>; strays: StrayFile[] }> {
  const imports = new Map<ImportId, Files>();
  const strays: StrayFile[] = [];
  for (const importId of await ports.statuses.list({ max: Infinity })) imports.set(importId, {});
  for (const kind of libraryKinds) {
    for await (const { key, writtenAt } of ports.objects.list(prefixes[kind])) {
      const importId = findLibraryKey(key)?.importId;
      if (importId) imports.set(importId, { ...imports.get(importId), [kind]: writtenAt });
      else if (isStray(key) && strays.length < namedStrays && isWithin(writtenAt, ports.now(), options))
        strays.push(strayFile(kind, key, writtenAt));
    }
  }
  return { imports, strays };
}

/** The console of S3 makes folders by empty objects. */
const isStray = (key: string): boolean => !key.endsWith('/');

const strayFile = (kind: LibraryKind, key: string, writtenAt: Date): StrayFile => ({
  s3_key: key,
  since: writtenAt.toISOString(),
  reason: key.endsWith(eventSuffix) ? 'name' : 'suffix',
  expected: libraryKeyForm(kind),
});

export function isWithin(
  at: Date,
  now: Date,
  { olderThanSeconds, newerThanSeconds = Infinity }: ReconcileOptions,
): boolean {
  const ageSeconds = (now.getTime() - at.getTime()) / 1000;
  return ageSeconds >= olderThanSeconds && ageSeconds <= newerThanSeconds;
}
