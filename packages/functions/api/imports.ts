import type { ImportRecordStore } from '@savepoint/adapters/s3/import-records.ts';
import type { StageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { type ImportId, isImportId } from '@savepoint/core/contracts/import-id.ts';
import type { ImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { type ImportView, viewImport } from '@savepoint/core/contracts/import-status.ts';
import { newImportRequest } from '@savepoint/core/stages/steam-import.ts';
import { parseSteamIdentity, type SteamId } from '@savepoint/core/steam-id.ts';
import { HttpProblem } from './problem.ts';

export type ImportsPorts = {
  records: ImportRecordStore;
  queues: StageQueues;
  /** @throws SteamApiError STEAM_PROFILE_NOT_FOUND and others */
  resolveVanityName(vanityName: string): Promise<SteamId>;
  now(): Date;
};

/** A person's SteamID64 from anything that names them; Steam is asked for vanity names only. */
export async function findSteamId(
  typed: string,
  ports: Pick<ImportsPorts, 'resolveVanityName'>,
): Promise<SteamId> {
  const identity = parseSteamIdentity(typed);
  return identity.kind === 'steam-id' ? identity.steamId : ports.resolveVanityName(identity.vanityName);
}

/** Notes the request and puts it in the queue: in this order, so that whatever is queued can be followed. */
export async function requestImport(steamId: SteamId, ports: ImportsPorts): Promise<ImportRequest> {
  const request = await createRequest(steamId, ports);
  await ports.queues.send('steam-import', JSON.stringify(request));
  return request;
}

async function createRequest(steamId: SteamId, { records, now }: ImportsPorts): Promise<ImportRequest> {
  let at = now();
  for (;;) {
    const request = newImportRequest(steamId, at);
    if (await records.createRequest(request)) return request;
    // Two requests for one person in one millisecond: the later gets the next one.
    at = new Date(at.getTime() + 1);
  }
}

/** @throws HttpProblem 404 IMPORT_NOT_FOUND */
export async function getImport(importId: ImportId, { records, now }: ImportsPorts): Promise<ImportView> {
  const found = isImportId(importId) ? await records.read(importId) : null;
  if (found === null)
    throw new HttpProblem(
      404,
      'IMPORT_NOT_FOUND',
      'There is no import of this id. Ids look like 76561197960287930-20261123T043000123Z.',
    );
  return viewImport(importId, found, now());
}

/** Newest first. */
export async function listImports(
  options: { steamId?: SteamId; max: number },
  { records, now }: ImportsPorts,
): Promise<ImportView[]> {
  const importIds = await records.list(options);
  const found = await Promise.all(
    importIds.map(async (importId) => ({ importId, stored: await records.read(importId) })),
  );
  return found.flatMap(({ importId, stored }) => (stored ? [viewImport(importId, stored, now())] : []));
}
