import { prefixes, type StageName } from '../topology.ts';
import { type ImportId, isImportId, parseImportId } from './import-id.ts';
import { type LibraryKey, printLibraryKey } from './library-key.ts';
import type { SteamId } from '../steam-id.ts';

/** The keys of what lies in the bucket beside library files. Each is made here and nowhere else. */

export const statusKey = (importId: ImportId, part: StageName | 'request'): string =>
  `${prefixes.status}${importId}/${part}.json`;

/** An import's place among all. */
export type Place = {
  importId: ImportId;
  /** When it was asked for, or its file dropped; Unix milliseconds. */
  at: number;
};
/** The place of an import that was asked for: its id says when. A timestamp that is no date is the oldest. */
export const placeOf = (importId: ImportId): Place => ({ importId, at: parseImportId(importId).importedAt });

/** Sorts before those of older imports. */
export const indexKey = ({ importId, at }: Place): string => {
  const age = latestMs - Math.min(Math.max(at, 0), latestMs);
  return `${prefixes.index}${digits(age)}-${importId}`;
};
const digits = (ms: number): string => String(ms).padStart(13, '0');
/** In the year 2286, when milliseconds get a fourteenth digit. */
const latestMs = 9_999_999_999_999;
export const findIndexKey = (key: string): Place | undefined => {
  const importId = importIdIn(key.slice(prefixes.index.length + 14));
  const age = key.slice(prefixes.index.length, prefixes.index.length + 13);
  return importId && /^\d{13}$/.test(age) ? { importId, at: latestMs - Number(age) } : undefined;
};

/** Says when the file was dropped that an import began with: its name need not, and the file may be dropped again. */
export const droppedKey = ({ importId, at }: Place): string => droppedPrefix(importId) + digits(at);
export const droppedPrefix = (importId: ImportId): string => `${prefixes.status}${importId}/dropped-`;
export const findDroppedKey = (key: string): Place | undefined => {
  const [, name = '', at] = /^([^/]+)\/dropped-(\d{13})$/.exec(key.slice(prefixes.status.length)) ?? [];
  const importId = importIdIn(name);
  return importId && { importId, at: Number(at) };
};

/** Says that the import has not ended. */
export const openKey = (importId: ImportId): string => prefixes.open + importId;
export const findOpenKey = (key: string): ImportId | undefined => importIdIn(key.slice(prefixes.open.length));

const importIdIn = (text: string): ImportId | undefined => (isImportId(text) ? text : undefined);

/** Says that imports of before the index were taken into it. */
export const indexedKey = `${prefixes.indexed}imports.json`;

export const overridesKey = `${prefixes.overrides}apps.csv` as const;
/** What self-healing sent back last. */
export const healingKey = `${prefixes.healing}waves.json`;
/** What all instances learnt of apps. */
export const lookupMemoryKey = `${prefixes.state}lookup-memory.zst` as const;
export const igdbTokenKey = `${prefixes.state}igdb-token.json` as const;

/** A person's library for reading. */
export const exportKey = (steamId: SteamId): string => `${prefixes.exports}${steamId}/library.json`;

/** The bad rows of a file: the same name under `rejects/`. */
export const rejectsKey = (of: LibraryKey | typeof overridesKey): string =>
  (typeof of === 'string' ? of : printLibraryKey(of)).replace(/^[^/]+\//, prefixes.rejects);

/** What an interrupted enrichment already looked up; a large library has one for each portion. */
export const checkpointKey = (importId: ImportId, portion: number): string =>
  `${prefixes.checkpoints}${importId}${portion === 0 ? '' : `.${portion}`}.jsonl`;

/** Says that some of the import's apps are asked for again. */
export const pendingKey = (importId: ImportId): string => `${prefixes.pending}${importId}`;
