import { ValidationError } from '../errors.ts';
import type { StageName } from '../topology.ts';
import { type ImportId, isImportId } from './import-id.ts';

/** Where everything lies in the bucket. Each key is made and read here and nowhere else. */

export const rawKey = (importId: ImportId): string => `raw/steam-library-${importId}.csv`;
export const enrichedKey = (importId: ImportId): string => `enriched/steam-library-${importId}-enriched.csv`;
/** The bad rows of a library file: the same name under `rejects/`. */
export const rejectsKey = (libraryKey: string): string => libraryKey.replace(/^[^/]+\//, 'rejects/');

export const statusPrefix = 'status/';
export const statusKey = (importId: ImportId, part: StageName | 'request'): string =>
  `${statusPrefix}${importId}/${part}.json`;

export const overridesKey = 'overrides/apps.csv';
export const igdbTokenKey = 'state/igdb-token.json';
/** What an interrupted enrichment already looked up; a large library has one for each portion. */
export const checkpointKey = (importId: ImportId, portion = 0): string =>
  `state/checkpoints/${importId}${portion === 0 ? '' : `.${portion}`}.jsonl`;

const patterns = {
  raw: /^raw\/steam-library-(.+)\.csv$/,
  enriched: /^enriched\/steam-library-(.+)-enriched\.csv$/,
};

/**
 * The import that a library file belongs to.
 * @throws ValidationError KEY_INVALID with the form that was expected.
 */
export function importIdOfKey(kind: 'raw' | 'enriched', key: string): ImportId {
  const importId = patterns[kind].exec(key)?.[1];
  if (importId !== undefined && isImportId(importId)) return importId;
  const example = (kind === 'raw' ? rawKey : enrichedKey)('<SteamID64>-<timestamp>');
  throw new ValidationError(
    'KEY_INVALID',
    `The object “${key.slice(0, 200)}” names no person's library. Its key must look like ${example}; rename it and upload it again.`,
  );
}
