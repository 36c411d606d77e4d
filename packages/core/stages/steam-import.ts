import { type ImportId, importIdOf } from '../contracts/import-id.ts';
import type { ImportRequest } from '../contracts/import-request.ts';
import { rawKey } from '../contracts/object-key.ts';
import { type RawRow, writeRawLibrary } from '../contracts/raw-library.ts';
import type { SteamId } from '../steam-id.ts';

export type SteamImportPorts = {
  /** Every app of a public, non-empty library. @throws SteamApiError telling private, empty and unknown apart. */
  getOwnedGames(steamId: SteamId): Promise<RawRow[]>;
  putLibrary(key: string, csv: string): Promise<void>;
};

export type SteamImportAnswer = { s3_key: string; game_count: number };

/**
 * Fetches a library from Steam and stores it as a raw CSV. A second delivery of the request fetches again and
 * replaces the same object, so enrichment is set off again should its event have been lost.
 */
export async function steamImport(
  request: ImportRequest,
  ports: SteamImportPorts,
): Promise<SteamImportAnswer> {
  const games = await ports.getOwnedGames(request.steam_id);
  const byAppId = new Map(games.map((game) => [game.appId, game]));
  const rows = [...byAppId.values()].sort((a, b) => a.appId - b.appId);
  const key = rawKey(request.import_id);
  await ports.putLibrary(key, writeRawLibrary(rows));
  return { s3_key: key, game_count: rows.length };
}

/** A request made now, as the HTTP endpoint and a direct invocation make it. */
export function newImportRequest(steamId: SteamId, now: Date): ImportRequest & { import_id: ImportId } {
  return { steam_id: steamId, import_id: importIdOf(steamId, now), requested_at: now.toISOString() };
}
