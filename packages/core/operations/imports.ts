import { isImportId } from '../contracts/import-id.ts';
import type { ImportRequest } from '../contracts/import-request.ts';
import { type ImportView, viewImport } from '../contracts/import-status.ts';
import { StorageError } from '../errors.ts';
import { newImportRequest } from '../stages/steam-import.ts';
import { parseSteamIdentity, type SteamId } from '../steam-id.ts';
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
        'The storage says of every new id that it is taken: look at the bucket and what stands before it.',
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

/** Newest first. */
export async function listImports(
  options: { steamId?: SteamId | undefined; max: number },
  statuses: Pick<ImportStatusStore, 'read' | 'list'>,
  now: Date,
): Promise<ImportView[]> {
  const importIds = await statuses.list(options);
  const views = await Promise.all(importIds.map((importId) => findImport(importId, statuses, now)));
  return views.filter((view) => view !== null);
}
