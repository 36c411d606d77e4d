import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import type { EnrichedGame, EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import type { LoadSummary } from '@savepoint/core/stages/database-import.ts';
import pg from 'pg';
import { createMigratedDatabase } from '../../support/database.ts';
import { untoldGame, untoldRow } from '../../support/library-rows.ts';

export const steamId = '76561197960287930';
/** The n-th day's import of one person. */
export const importOn = (day: number, person = steamId): string =>
  `${person}-2026-01-${String(day).padStart(2, '0')}`;

export const gameOf = (igdbId: number, change: Partial<EnrichedGame> = {}): EnrichedGame => ({
  ...untoldGame,
  igdbId,
  slug: `game-${igdbId}`,
  name: `Game ${igdbId}`,
  summary: null,
  releaseDate: '2001-02-03',
  coverImageId: `co${igdbId}`,
  genres: [{ id: 5, name: 'Shooter' }],
  platforms: [{ id: 6, name: 'PC' }],
  gameType: 0,
  parentGameId: null,
  versionParentId: null,
  updatedAt: 1_700_000_000,
  ...change,
});

/** An app that is a game of the same number; with `game: null` one that nobody found. */
export function rowOf(appId: number, change: Partial<EnrichedRow> = {}): EnrichedRow {
  const game = change.game === undefined ? gameOf(appId) : change.game;
  return untoldRow({
    appId,
    name: `Name ${appId}`,
    playtimeMinutes: 60,
    lastPlayedAt: 1_600_000_000,
    playtimeWindowsMinutes: 60,
    playtimeMacMinutes: 0,
    playtimeLinuxMinutes: 0,
    playtimeDeckMinutes: 0,
    playtimeDisconnectedMinutes: 0,
    classification: 'game',
    matchStatus: game === null ? 'UNMATCHED' : 'MATCHED',
    matchConfidence: game === null ? null : 1,
    ...change,
    game,
  });
}

/** As if no import were ever too late. */
export const anyTimeDays = 100_000;
export type Loaded = { importId: string; rows: readonly EnrichedRow[]; rejected?: number };

/** A database of its own, a connection of the product to it, and another to look at it. */
export async function openLibraryDatabase() {
  const database = await createMigratedDatabase();
  const viewer = new pg.Client({ connectionString: database.url });
  await viewer.connect();
  const connections = [connectPostgres(async () => database.url), connectPostgres(async () => database.url)];
  const load = (
    { importId, rows, rejected = 0 }: Loaded,
    connection = connections[0]!,
    // Tests write dates of any year.
    lateImportDays = anyTimeDays,
  ): Promise<LoadSummary> =>
    createLibraryLoader(connection, { lateImportDays }).loadLibrary(
      libraryKeyOf('enriched', importId),
      async function* () {
        yield { rows, rejected };
      },
    );
  return {
    url: database.url,
    connections,
    load,
    /** Rows of a query, each as an object. */
    query: async (text: string, values: unknown[] = []) => (await viewer.query(text, values)).rows,
    /** One column of a query. */
    column: async (text: string) =>
      (await viewer.query({ text, rowMode: 'array' })).rows.map(([value]) => value),
    empty: () =>
      viewer.query(
        'truncate games, genres, platforms, game_genres, game_platforms, steam_apps, library_entries, imports, import_contents, library_changes',
      ),
    async close() {
      await viewer.end();
      for (const connection of connections) await connection.close();
      await database.drop();
    },
  };
}
export type LibraryDatabase = Awaited<ReturnType<typeof openLibraryDatabase>>;
