import { isImportId } from '../contracts/import-id.ts';
import type { ImportRequest } from '../contracts/import-request.ts';
import { type ImportView, viewImport } from '../contracts/import-status.ts';
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

/** Notes the request and puts it in the queue: in this order, so that whatever is queued can be followed. */
export async function requestImport(steamId: SteamId, ports: RequestImportPorts): Promise<ImportRequest> {
  const request = await createRequest(steamId, ports);
  await ports.sendRequest(JSON.stringify(request));
  return request;
}

async function createRequest(
  steamId: SteamId,
  { statuses, now }: RequestImportPorts,
): Promise<ImportRequest> {
  let at = now();
  for (;;) {
    const request = newImportRequest(steamId, at);
    if (await statuses.createRequest(request)) return request;
    // Two requests for one person in one millisecond: the later one gets the next.
    at = new Date(at.getTime() + 1);
  }
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
