import { setImmediate } from 'node:timers/promises';
import type { EnrichedGame, EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import type { LibraryImport, LoadBatch, LoadSummary } from '@savepoint/core/stages/database-import.ts';
import type { Transaction } from 'kysely';
import type { PostgresConnection } from './connection.ts';
import { type ImportContents, type LibraryState, readLibraryState } from './library-state.ts';
import { entriesStatement, loadEntries } from './load-entries.ts';
import { loadGames } from './load-games.ts';
import { loadLinks } from './load-links.ts';
import { NamedRows, writeNamedRows } from './named-rows.ts';
import { recordImport } from './record-import.ts';
import type { Database } from './schema.ts';

/**
 * Loads a library in one transaction: at most four statements for each batch and two for the whole import.
 * The result is that of loading all imports in the order of their time, whatever the order in which they come.
 * @param readBatches is called again when the transaction is repeated.
 * @throws DatabaseError, and what `readBatches` throws.
 */
export const loadLibrary = (
  connection: PostgresConnection,
  library: LibraryImport,
  readBatches: () => AsyncIterable<LoadBatch>,
): Promise<LoadSummary> =>
  connection.transaction(async (trx) => {
    const load = new LibraryLoad(trx, library, await readLibraryState(trx, library));
    for await (const batch of readBatches()) await load.take(batch);
    return load.finish();
  });

class LibraryLoad {
  readonly #trx: Transaction<Database>;
  readonly #library: LibraryImport;
  readonly #state: LibraryState;
  readonly #genres: NamedRows;
  readonly #platforms: NamedRows;
  readonly #lookedUp: number[] = [];
  readonly #pending: number[] = [];
  /** Two apps may be one game; the first row that names it speaks for it. */
  readonly #games = new Set<number>();
  readonly #counts = { matched: 0, unmatched: 0, pending: 0, ignored: 0, rejected: 0, new: 0, changed: 0 };

  constructor(trx: Transaction<Database>, library: LibraryImport, state: LibraryState) {
    this.#trx = trx;
    this.#library = library;
    this.#state = state;
    this.#genres = new NamedRows(state.genres, state.spoken.genre_igdb_ids);
    this.#platforms = new NamedRows(state.platforms, state.spoken.platform_igdb_ids);
  }

  async take(batch: LoadBatch): Promise<void> {
    this.#counts.rejected += batch.rejected;
    if (batch.rows.length === 0) return;
    const rows = batch.rows.toSorted((a, b) => a.appId - b.appId);
    for (const row of rows) {
      this.#counts[countOf[row.matchStatus]] += 1;
      (row.matchStatus === 'PENDING' ? this.#pending : this.#lookedUp).push(row.appId);
    }
    const gamesTaken = this.#takeGames(rows);
    // Half of this process's own work is done while PostgreSQL writes the games. Their failure shows below.
    gamesTaken.catch(() => undefined);
    await setImmediate();
    const statement = entriesStatement(this.#library, this.#state, rows, (row) => this.#speaksOf(row));
    const changedGames = await gamesTaken;
    const { added, changed } = await loadEntries(this.#trx, statement);
    for (const { appId, game } of rows) {
      if (added.has(appId)) this.#counts.new += 1;
      else if (changed.has(appId) || (game && changedGames.has(game.igdbId))) this.#counts.changed += 1;
    }
  }

  /** @returns igdb ids of the games that were there before and changed. */
  async #takeGames(rows: readonly EnrichedRow[]): Promise<Set<number>> {
    const { spoken } = this.#state;
    const games: EnrichedGame[] = [];
    for (const { game } of rows) {
      if (!game || this.#games.has(game.igdbId)) continue;
      this.#games.add(game.igdbId);
      if (!spoken.game_igdb_ids.has(game.igdbId)) games.push(game);
      for (const genre of game.genres) this.#genres.note(genre);
      for (const platform of game.platforms) this.#platforms.note(platform);
    }
    games.sort((a, b) => a.igdbId - b.igdbId);
    await writeNamedRows(this.#trx, { genres: this.#genres, platforms: this.#platforms });
    if (games.length === 0) return new Set();
    const gameRows = await loadGames(this.#trx, games);
    const gameOf = new Map(games.map((game) => [game.igdbId, game]));
    const relinked = await loadLinks(
      this.#trx,
      gameRows.map((game) => ({
        game,
        genreIds: this.#genres.idsOf(gameOf.get(game.igdb_id)!.genres),
        platformIds: this.#platforms.idsOf(gameOf.get(game.igdb_id)!.platforms),
      })),
    );
    const relinkedIds = new Set(relinked);
    return new Set(
      gameRows.filter(({ id, changed }) => changed || relinkedIds.has(id)).map((game) => game.igdb_id),
    );
  }

  /** What newer imports said of an app stands; that an app was not looked up says less than any look-up. */
  #speaksOf({ appId, matchStatus }: EnrichedRow): boolean {
    const { looked_up_app_ids, pending_app_ids } = this.#state.spoken;
    if (looked_up_app_ids.has(appId)) return false;
    return matchStatus !== 'PENDING' || !pending_app_ids.has(appId);
  }

  async finish(): Promise<LoadSummary> {
    const { matched, unmatched, pending, ignored, rejected, new: added, changed } = this.#counts;
    const imported = matched + unmatched + pending;
    const summary = {
      imported_count: imported,
      skipped_count: ignored + rejected,
      matched,
      unmatched,
      pending,
      ignored,
      rejected,
      new: added,
      changed,
      unchanged: imported + ignored - added - changed,
      stale: this.#state.newerImportIds.length > 0,
    };
    const gone = await recordImport(this.#trx, this.#library, this.#state, this.#contents(), summary);
    return { ...summary, gone };
  }

  #contents(): ImportContents {
    return {
      looked_up_app_ids: this.#lookedUp,
      pending_app_ids: this.#pending,
      game_igdb_ids: [...this.#games],
      genre_igdb_ids: this.#genres.mentioned,
      platform_igdb_ids: this.#platforms.mentioned,
    };
  }
}

const countOf = {
  MATCHED: 'matched',
  UNMATCHED: 'unmatched',
  PENDING: 'pending',
  IGNORED: 'ignored',
} as const;
