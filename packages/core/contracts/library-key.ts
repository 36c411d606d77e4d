import { ValidationError } from '../errors.ts';
import { type LibraryKind, libraryKinds, prefixes } from '../topology.ts';
import { type Import, type ImportId, isImportId, parseImportId } from './import-id.ts';

/** The key of a library file in the bucket, understood: which file of which import it is. */
export type LibraryKey = Import & { kind: LibraryKind };

const forms: Record<LibraryKind, { before: string; after: string }> = {
  raw: { before: `${prefixes.raw}steam-library-`, after: '.csv' },
  enriched: { before: `${prefixes.enriched}steam-library-`, after: '-enriched.csv' },
};

/** The key of an import's file. @throws ValidationError IMPORT_ID_INVALID */
export const libraryKeyOf = (kind: LibraryKind, importId: string): LibraryKey => ({
  kind,
  ...parseImportId(importId),
});

/** `raw/steam-library-{import_id}.csv`, `enriched/steam-library-{import_id}-enriched.csv` */
export const printLibraryKey = ({ kind, importId }: Pick<LibraryKey, 'kind' | 'importId'>): string =>
  `${forms[kind].before}${importId}${forms[kind].after}`;

/**
 * Which library file this is.
 * @throws ValidationError KEY_INVALID with the form that was expected.
 */
export function parseLibraryKey(text: string): LibraryKey {
  const key = findLibraryKey(text);
  if (key) return key;
  const kind = kindOf(text);
  throw new ValidationError(
    'KEY_INVALID',
    `The object “${text.slice(0, 200)}” names no person's library. Its key must look like ${examplesOf(kind)}; rename it and upload it again.`,
  );
}

/** Undefined for a key that names no person's library. */
export function findLibraryKey(text: string): LibraryKey | undefined {
  const kind = kindOf(text);
  const importId = kind && importIdIn(text, kind);
  return kind && importId && libraryKeyOf(kind, importId);
}

const kindOf = (text: string): LibraryKind | undefined =>
  libraryKinds.find((kind) => text.startsWith(prefixes[kind]));

function importIdIn(text: string, kind: LibraryKind): ImportId | undefined {
  const { before, after } = forms[kind];
  if (!text.startsWith(before) || !text.endsWith(after)) return undefined;
  const importId = text.slice(before.length, -after.length);
  return isImportId(importId) ? importId : undefined;
}

/** What the key of such a file looks like, for people. */
export const libraryKeyForm = (kind: LibraryKind): string =>
  `${forms[kind].before}<SteamID64>-<timestamp>${forms[kind].after}`;

const examplesOf = (kind: LibraryKind | undefined): string =>
  (kind ? [kind] : libraryKinds).map(libraryKeyForm).join(' or ');
