import type { ImportRequest } from '../contracts/import-request.ts';
import { libraryKeyOf, printLibraryKey } from '../contracts/library-key.ts';
import { type RawRow, writeRawLibrary } from '../contracts/raw-library.ts';
import type { SteamId } from '../steam-id.ts';
import type { LibraryFiles } from './library-files.ts';

export type OwnedGames = {
  /** The apps of a public, non-empty library. @throws SteamApiError telling private, empty and unknown apart. */
  getOwnedGames(steamId: SteamId): Promise<OwnedGamesAnswer>;
};

export type OwnedGamesAnswer = {
  rows: RawRow[];
  /** Apps that Steam counted or listed, and that could not be read: their absence from `rows` says nothing. */
  droppedCount: number;
};

export type SteamImportPorts = OwnedGames & Pick<LibraryFiles, 'putLibrary'>;

export type SteamImportAnswer = {
  s3_key: string;
  game_count: number;
  /** Apps that Steam owes us; none of this person's apps counts as gone then. */
  dropped_count: number;
  warnings?: { code: 'STEAM_ANSWER_INCOMPLETE'; message: string }[];
};

/**
 * Fetches a library from Steam and stores it as a raw CSV. A second delivery of the request fetches again and
 * replaces the same object, so enrichment is set off again should its event have been lost.
 */
export async function steamImport(
  request: ImportRequest,
  ports: SteamImportPorts,
): Promise<SteamImportAnswer> {
  const { rows: games, droppedCount } = await ports.getOwnedGames(request.steam_id);
  const byAppId = new Map(games.map((game) => [game.appId, game]));
  const rows = [...byAppId.values()].sort((a, b) => a.appId - b.appId);
  const key = libraryKeyOf('raw', request.import_id);
  await ports.putLibrary(key, writeRawLibrary(rows), droppedCount);
  return {
    s3_key: printLibraryKey(key),
    game_count: rows.length,
    dropped_count: droppedCount,
    ...(droppedCount > 0 && { warnings: [incomplete(droppedCount)] }),
  };
}

const incomplete = (droppedCount: number) => ({
  code: 'STEAM_ANSWER_INCOMPLETE' as const,
  message: `Steam's list lacks ${droppedCount} of the apps that it counts, or they could not be read. What it lists is imported, and no app is marked as gone; import again later.`,
});
