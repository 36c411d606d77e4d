import { type ImportId, isImportId } from '../contracts/import-id.ts';
import type { ImportRequest } from '../contracts/import-request.ts';
import { type ImportRecords, type ImportView, viewImport } from '../contracts/import-status.ts';
import { newImportRequest } from '../stages/steam-import.ts';
import { parseSteamIdentity, type SteamId } from '../steam-id.ts';

/** Asking for imports and following them: what the HTTP API and the command line share. */

export type ImportRecordsPort = {
  /** @returns false when an import of this id exists already. */
  createRequest(request: ImportRequest): Promise<boolean>;
  /** Null when nobody ever stored anything of this import. */
  read(importId: ImportId): Promise<ImportRecords | null>;
  /** Import ids of one person, or of all, newest first. */
  list(options: { steamId?: SteamId | undefined; max: number }): Promise<ImportId[]>;
};

export type RequestImportPorts = {
  records: Pick<ImportRecordsPort, 'createRequest'>;
  sendRequest(body: string): Promise<void>;
  now(): Date;
};

/** A person's SteamID64 from anything that names them; Steam is asked for vanity names only. */
export async function findSteamId(
  typed: string,
  resolveVanityName: (vanityName: string) => Promise<SteamId>,
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

async function createRequest(steamId: SteamId, { records, now }: RequestImportPorts): Promise<ImportRequest> {
  let at = now();
  for (;;) {
    const request = newImportRequest(steamId, at);
    if (await records.createRequest(request)) return request;
    // Two requests for one person in one millisecond: the later one gets the next.
    at = new Date(at.getTime() + 1);
  }
}

/** Null when there is no such import. */
export async function findImport(
  importId: ImportId,
  records: Pick<ImportRecordsPort, 'read'>,
  now: Date,
): Promise<ImportView | null> {
  const found = isImportId(importId) ? await records.read(importId) : null;
  return found && viewImport(importId, found, now);
}

/** Newest first. */
export async function listImports(
  options: { steamId?: SteamId | undefined; max: number },
  records: Pick<ImportRecordsPort, 'read' | 'list'>,
  now: Date,
): Promise<ImportView[]> {
  const importIds = await records.list(options);
  const views = await Promise.all(importIds.map((importId) => findImport(importId, records, now)));
  return views.filter((view) => view !== null);
}
