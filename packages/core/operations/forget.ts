import { followKey, rhythms } from '../contracts/follow.ts';
import type { ForgetRequest } from '../contracts/forget-request.ts';
import { type ImportId, isImportId, parseImportId } from '../contracts/import-id.ts';
import { findDroppedKey, indexKey, placeOf } from '../contracts/object-key.ts';
import { PipelineError } from '../errors.ts';
import type { SteamId } from '../steam-id.ts';
import { libraryKinds, prefixes, stageNames } from '../topology.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Tombstones } from './tombstones.ts';

/** Removing all that is stored of a person. */

export type PersonObjects = {
  /** Keys below a prefix, those as well of which only old versions are left. @throws StorageError */
  list(prefix: string): AsyncIterable<string>;
  /** With all its versions. @throws StorageError */
  remove(key: string): Promise<void>;
};

export type ForgetPorts = {
  tombstones: Tombstones;
  objects: PersonObjects;
  /** Lets self-healing remember no import of the person. */
  forgetWaves(steamId: SteamId): Promise<void>;
  deadLetters: Pick<DeadLetters, 'discard'>;
  /** @returns rows by table. @throws DatabaseError LIBRARY_REFERENCED and others */
  forgetRows(steamId: SteamId): Promise<Record<string, number>>;
  /** Sends the request once more, for a second look. */
  sendAgain(request: ForgetRequest): Promise<void>;
};

/** What was removed, or would be: objects by kind, rows by table, and dead letters. */
export type Forgotten = {
  steam_id: SteamId;
  objects: Record<string, number>;
  rows: Record<string, number>;
  dead_letters: number;
};

const prefixesOf = (steamId: SteamId): readonly (readonly [kind: string, prefix: string])[] => [
  ...libraryKinds.map((kind) => [kind, `${prefixes[kind]}steam-library-${steamId}-`] as const),
  ['rejects', `${prefixes.rejects}steam-library-${steamId}-`],
  ['status', `${prefixes.status}${steamId}-`],
  ['open', `${prefixes.open}${steamId}-`],
  ['pending', `${prefixes.pending}${steamId}-`],
  ['checkpoints', `${prefixes.checkpoints}${steamId}-`],
  ['exports', `${prefixes.exports}${steamId}/`],
  ...rhythms.map((every) => ['follows', followKey(steamId, every)] as const),
];

/** The keys of a person's objects, with their kind; a kind of which there are none is not told. */
export async function* objectsOf(
  steamId: SteamId,
  { list }: Pick<PersonObjects, 'list'>,
): AsyncGenerator<{ kind: string; key: string }> {
  const importIds = new Set<string>();
  for (const [kind, prefix] of prefixesOf(steamId))
    for await (const key of list(prefix)) {
      const importId = importIdIn(key, steamId);
      if (importId && !importIds.has(importId)) {
        importIds.add(importId);
        // The index sorts by time, so its entries are found through what else there is of their imports. They come before
        // that, so that whoever is broken off in between finds them again.
        for await (const entry of list(indexKey(placeOf(importId)))) yield { kind: 'index', key: entry };
      }
      const dropped = findDroppedKey(key);
      if (dropped) for await (const entry of list(indexKey(dropped))) yield { kind: 'index', key: entry };
      yield { kind, key };
    }
}

function importIdIn(key: string, steamId: SteamId): ImportId | undefined {
  const found = new RegExp(`${steamId}-[A-Za-z0-9:-]+`).exec(key)?.[0].replace(/-enriched$/, '') ?? '';
  return isImportId(found) ? found : undefined;
}

export async function countObjects(
  steamId: SteamId,
  objects: Pick<PersonObjects, 'list'>,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const { kind } of objectsOf(steamId, objects)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/**
 * Forgets a person. Done again it does nothing; broken off it is finished by the next delivery. The tombstone comes first: from
 * then on no stage begins an import that was asked for before. What was at work then may still write: a second look, when
 * that has ended, takes it away.
 */
export async function forget(request: ForgetRequest, ports: ForgetPorts): Promise<Forgotten> {
  const { steam_id: steamId, requested_at, again } = request;
  await ports.tombstones.write(steamId, new Date(requested_at));
  if (again && (await isBack(request, ports))) return forgetOlderObjects(request, ports);
  // The rows first: whatever refers to them must refuse before a file is gone.
  const rows = await ports.forgetRows(steamId);
  const objects: Record<string, number> = {};
  for await (const { kind, key } of objectsOf(steamId, ports.objects)) {
    // Nothing that was at work makes a follow: this one somebody set since.
    if (again && kind === 'follows') continue;
    await ports.objects.remove(key);
    objects[kind] = (objects[kind] ?? 0) + 1;
  }
  await ports.forgetWaves(steamId);
  let deadLetters = 0;
  let more = false;
  for (const stage of stageNames) {
    const done = await ports.deadLetters.discard(stage, { steamId });
    deadLetters += done.discarded;
    more ||= done.more;
  }
  if (more) throw unfinished();
  if (!again) await ports.sendAgain({ ...request, again: true });
  return { steam_id: steamId, objects, rows, dead_letters: deadLetters };
}

const isAskedAfter = (importId: ImportId, { requested_at }: ForgetRequest): boolean =>
  parseImportId(importId).importedAt > Date.parse(requested_at);

/** Whether the person was imported anew since. */
async function isBack(request: ForgetRequest, { objects }: ForgetPorts): Promise<boolean> {
  for await (const { key } of objectsOf(request.steam_id, objects)) {
    const importId = importIdIn(key, request.steam_id);
    if (importId && isAskedAfter(importId, request)) return true;
  }
  return false;
}

/** What is the person's since they came back stays: the rows, which tell the newer import, and its files. */
async function forgetOlderObjects(request: ForgetRequest, ports: ForgetPorts): Promise<Forgotten> {
  const { steam_id } = request;
  const objects: Record<string, number> = {};
  for await (const { kind, key } of objectsOf(steam_id, ports.objects)) {
    const importId = importIdIn(key, steam_id);
    if (!importId || isAskedAfter(importId, request)) continue;
    await ports.objects.remove(key);
    objects[kind] = (objects[kind] ?? 0) + 1;
  }
  return { steam_id, objects, rows: {}, dead_letters: 0 };
}

const unfinished = () =>
  new PipelineError(
    'FORGET_UNFINISHED',
    'There are too many dead letters to look through at once; the next attempt goes on.',
    { retryable: true },
  );
