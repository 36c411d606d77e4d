import type { EnrichedGame, EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import type { LibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { LibraryLoader, LoadBatch, LoadSummary } from '@savepoint/core/stages/database-import.ts';
import type { RawBuilder, Transaction } from 'kysely';
import type { PostgresConnection } from './connection.ts';
import { type ImportContents, type LibraryState, readLibraryState } from './library-state.ts';
import { entriesStatement, type WrittenEntries } from './load-entries.ts';
import { type GameColumns, gameRowsOf, gamesStatement } from './load-games.ts';
import { type GameLinks, linksStatement } from './load-links.ts';
import { NamedRows, writeNamedRows } from './named-rows.ts';
import { forEachReadingAhead, sent } from './overlap.ts';
import { recordImport } from './record-import.ts';
import type { Database } from './schema.ts';

/**
 * Loads a library in one transaction: at most four statements for each batch and two for the whole import. Whatever
 * this process can do beside PostgreSQL it does while that works on the statement before.
 * The result is that of loading all imports in the order of their time, whatever the order in which they come.
 * `readBatches` is called again when the transaction is repeated; what it throws ends the load.
 */
export const createLibraryLoader = (connection: PostgresConnection): LibraryLoader => ({
  loadLibrary: (library, readBatches) =>
    connection.transaction(async (trx) => {
      const load = new LibraryLoad(trx, library, await readLibraryState(trx, library));
      await forEachReadingAhead(load.prepare(readBatches()), (batch) => load.write(batch));
      return load.finish();
    }),
});

type PreparedBatch = {
  /** Sorted by app id. */
  rows: readonly EnrichedRow[];
  /** Games that no row before named. Two apps may be one game; the first row speaks for it. */
  games: readonly EnrichedGame[];
  /** Those of them that no newer import spoke of, sorted by IGDB id. */
  gamesToWrite: readonly EnrichedGame[];
  gamesStatement: RawBuilder<GameColumns>;
};

class LibraryLoad {
  readonly #trx: Transaction<Database>;
  readonly #library: LibraryKey;
  readonly #state: LibraryState;
  readonly #genres: NamedRows;
  readonly #platforms: NamedRows;
  readonly #lookedUp: number[] = [];
  readonly #pending: number[] = [];
  /** Rows of the games that were named so far, by IGDB id; 0 until they are known. */
  readonly #gameIds = new Map<number, number>();
  readonly #counts = { matched: 0, unmatched: 0, pending: 0, ignored: 0, rejected: 0, new: 0, changed: 0 };

  constructor(trx: Transaction<Database>, library: LibraryKey, state: LibraryState) {
    this.#trx = trx;
    this.#library = library;
    this.#state = state;
    this.#genres = new NamedRows(state.genres, state.spoken.genre_igdb_ids);
    this.#platforms = new NamedRows(state.platforms, state.spoken.platform_igdb_ids);
  }

  /** What needs no answer of the database, for each batch that has rows. */
  async *prepare(batches: AsyncIterable<LoadBatch>): AsyncGenerator<PreparedBatch> {
    for await (const { rows, rejected } of batches) {
      this.#counts.rejected += rejected;
      if (rows.length > 0) yield this.#prepareRows(rows.toSorted((a, b) => a.appId - b.appId));
    }
  }

  #prepareRows(rows: readonly EnrichedRow[]): PreparedBatch {
    const games: EnrichedGame[] = [];
    for (const { appId, matchStatus, game } of rows) {
      this.#counts[countOf[matchStatus]] += 1;
      (matchStatus === 'PENDING' ? this.#pending : this.#lookedUp).push(appId);
      if (!game || this.#gameIds.has(game.igdbId)) continue;
      this.#gameIds.set(game.igdbId, 0);
      games.push(game);
    }
    const { game_igdb_ids } = this.#state.spoken;
    const gamesToWrite = games
      .filter(({ igdbId }) => !game_igdb_ids.has(igdbId))
      .sort((a, b) => a.igdbId - b.igdbId);
    const igdbIds = games.map(({ igdbId }) => igdbId);
    return { rows, games, gamesToWrite, gamesStatement: gamesStatement(gamesToWrite, igdbIds) };
  }

  /** Each statement is on its way while this process puts together what the next one needs. */
  async write({ rows, games, gamesToWrite, gamesStatement }: PreparedBatch): Promise<void> {
    for (const game of games) {
      for (const genre of game.genres ?? []) this.#genres.note(genre);
      for (const platform of game.platforms ?? []) this.#platforms.note(platform);
    }
    await writeNamedRows(this.#trx, { genres: this.#genres, platforms: this.#platforms });
    const writingGames = gamesStatement.execute(this.#trx);
    await sent(writingGames);
    const links = gamesToWrite.map((game) => this.#linksOf(game));
    const gameRows = gameRowsOf((await writingGames).rows[0]!);
    const writingLinks = linksStatement(links, gameRows).execute(this.#trx);
    await sent(writingLinks);
    for (const { igdb_id, id } of gameRows) this.#gameIds.set(igdb_id, id);
    const statement = entriesStatement(this.#library, this.#state, rows, {
      speaksOf: (row) => this.#speaksOf(row),
      gameIdOf: ({ game }) => (game && this.#gameIds.get(game.igdbId)) || null,
    });
    const relinked = new Set((await writingLinks).rows.map((row) => row.game_id));
    const changedGames = gameRows.filter(({ id, changed }) => changed || relinked.has(id));
    const entries = (await statement.execute(this.#trx)).rows[0]!;
    this.#countChanges(rows, entries, new Set(changedGames.map((game) => game.igdb_id)));
  }

  #linksOf({ igdbId, genres, platforms }: EnrichedGame): GameLinks {
    return {
      igdbId,
      genreIds: this.#genres.idsOf(genres ?? []),
      platformIds: this.#platforms.idsOf(platforms ?? []),
    };
  }

  /** What newer imports said of an app stands; that an app was not looked up says less than any look-up. */
  #speaksOf({ appId, matchStatus }: EnrichedRow): boolean {
    const { looked_up_app_ids, pending_app_ids } = this.#state.spoken;
    if (looked_up_app_ids.has(appId)) return false;
    return matchStatus !== 'PENDING' || !pending_app_ids.has(appId);
  }

  /** @param changedGames IGDB ids of the games that were there before and changed. */
  #countChanges(
    rows: readonly EnrichedRow[],
    written: WrittenEntries,
    changedGames: ReadonlySet<number>,
  ): void {
    const added = new Set(written.added);
    const changed = new Set(written.changed);
    for (const { appId, game } of rows) {
      if (added.has(appId)) this.#counts.new += 1;
      else if (changed.has(appId) || (game && changedGames.has(game.igdbId))) this.#counts.changed += 1;
    }
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
      game_igdb_ids: [...this.#gameIds.keys()],
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
