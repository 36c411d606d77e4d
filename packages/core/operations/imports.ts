import { isImportId } from '../contracts/import-id.ts';
import { type ImportRequest, newImportRequest } from '../contracts/import-request.ts';
import { type ImportView, viewImport } from '../contracts/import-view.ts';
import { StorageError } from '../errors.ts';
import { parseSteamIdentity, type SteamId } from '../steam-id.ts';
import { type ImportIndex, type IndexEntry, mostEntries } from './import-index.ts';
import type { ImportStatusStore } from './import-status-store.ts';

/** Asking for imports and following them: what the HTTP API and the command line share. */

export type VanityNames = {
  /** @throws SteamApiError STEAM_PROFILE_NOT_FOUND and others */
  resolveVanityName(vanityName: string): Promise<SteamId>;
};

export type RequestImportPorts = {
  statuses: Pick<ImportStatusStore, 'createRequest'>;
  sendRequest(body: string): Promise<void>;
  now(): Date;
};

/** A person's SteamID64 from anything that names them; Steam is asked for vanity names only. */
export async function findSteamId(
  typed: string,
  resolveVanityName: VanityNames['resolveVanityName'],
): Promise<SteamId> {
  const identity = parseSteamIdentity(typed);
  return identity.kind === 'steam-id' ? identity.steamId : resolveVanityName(identity.vanityName);
}

/**
 * Notes the request and puts it in the queue: in this order, so that whatever is queued can be followed.
 * @throws StorageError STORAGE_CONTENDED and others
 */
export async function requestImport(steamId: SteamId, ports: RequestImportPorts): Promise<ImportRequest> {
  const request = await createRequest(steamId, ports);
  await ports.sendRequest(JSON.stringify(request));
  return request;
}

/** More than one person's requests within a millisecond; storage that refuses them all is out of order. */
const maxRequestTries = 50;

async function createRequest(
  steamId: SteamId,
  { statuses, now }: RequestImportPorts,
): Promise<ImportRequest> {
  const at = now().getTime();
  for (let tries = 0; tries < maxRequestTries; tries += 1) {
    // Two requests for one person in one millisecond: the later one gets the next.
    const request = newImportRequest(steamId, new Date(at + tries));
    if (await statuses.createRequest(request)) return request;
  }
  throw new StorageError(
    'STORAGE_CONTENDED',
    'There are too many requests for this person at once; try again in a moment.',
    {
      retryable: true,
      operatorHint:
        'The storage claims that every new id is taken: look at the bucket and at any proxy in front of it.',
    },
  );
}

/** Null when there is no such import. */
export async function findImport(
  importId: string,
  statuses: Pick<ImportStatusStore, 'read'>,
  now: Date,
): Promise<ImportView | null> {
  if (!isImportId(importId)) return null;
  const stored = await statuses.read(importId);
  return stored && viewImport(importId, stored, now);
}

export type ListImportsPorts = {
  statuses: Pick<ImportStatusStore, 'read' | 'listPlaces'>;
  index: Pick<ImportIndex, 'page'>;
  now(): Date;
};

export type ListImportsOptions = {
  steamId?: SteamId | undefined;
  status?: ImportView['status'] | undefined;
  /** Imports that were asked for, or whose file was dropped, then or later. */
  since?: Date | undefined;
  max: number;
  /** Of the answer before. */
  cursor?: string | undefined;
};

/** `next_cursor`: there is more, or there may be. */
export type ImportPage = { imports: ImportView[]; next_cursor?: string };

/** Imports are read so many at once. */
const readAtOnce = 25;

/**
 * Newest first. However many imports there were, it looks at no more than 1,000: a filter that few of them pass gives a
 * short page, and the cursor that goes on behind it.
 */
export async function listImports(
  { steamId, status, since, max, cursor }: ListImportsOptions,
  ports: ListImportsPorts,
): Promise<ImportPage> {
  const isFiltered = status !== undefined;
  const asked = isFiltered ? mostEntries : max + 1;
  const entries =
    steamId === undefined
      ? await ports.index.page({ cursor, max: Math.min(asked, mostEntries) })
      : await entriesOf(steamId, { cursor, max: asked }, ports);
  const imports: ImportView[] = [];
  let seen: string | undefined;
  for (let at = 0; at < entries.length; at += readAtOnce) {
    const some = entries.slice(at, at + readAtOnce);
    const views = await Promise.all(
      some.map(({ importId }) => findImport(importId, ports.statuses, ports.now())),
    );
    for (const [index, view] of views.entries()) {
      const { at: placedAt, cursor: behind } = some[index]!;
      if (since && placedAt < since.getTime()) return { imports };
      if (imports.length === max) return { imports, next_cursor: seen! };
      seen = behind;
      if (view !== null && (status === undefined || view.status === status)) imports.push(view);
    }
  }
  // A full page of the index may have another one behind it.
  const mayGoOn = entries.length >= Math.min(asked, mostEntries);
  return { imports, ...(mayGoOn && seen !== undefined && { next_cursor: seen }) };
}

/** One person's imports lie together, so they are listed without the index. */
async function entriesOf(
  steamId: SteamId,
  { cursor, max }: { cursor: string | undefined; max: number },
  { statuses }: Pick<ListImportsPorts, 'statuses'>,
): Promise<IndexEntry[]> {
  const places = await statuses.listPlaces(steamId);
  const from = cursor === undefined ? 0 : places.findIndex(({ importId }) => importId === cursor) + 1;
  return places.slice(from, from + max).map((place) => ({ ...place, cursor: place.importId }));
}
