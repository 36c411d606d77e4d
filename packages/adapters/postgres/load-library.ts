import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import type { LibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { LibraryLoader, LoadBatch, LoadSummary } from '@savepoint/core/stages/database-import.ts';
import type { RawBuilder, Transaction } from 'kysely';
import type { PostgresConnection } from './connection.ts';
import { defaultJournalDays } from './library-changes.ts';
import { defaultLateImportDays, type LibraryState, readLibraryState } from './library-state.ts';
import { entriesStatement, type WrittenEntries } from './load-entries.ts';
import { type GameColumns, type GameFact, gameRowsOf, gamesStatement } from './load-games.ts';
import { type GameLinks, linksStatement } from './load-links.ts';
import { NamedRows, writeNamedRows } from './named-rows.ts';
import { sent } from './overlap.ts';
import { recordImport } from './record-import.ts';
import type { Database } from './schema.ts';
import { ToldByImport } from './told-by-import.ts';
import { type Playtime, playtimeHiddenWarning, readPlaytime, wasPlayed } from './withheld-playtime.ts';

export type LoaderOptions = {
  /**
   * For so many days an older import may arrive and fill what no newer one told. A later one overwrites nothing, because
   * what imports of before that time told is forgotten.
   */
  lateImportDays?: number;
  /** For so many days the journal of changes is kept. */
  journalDays?: number;
};

/**
 * Loads a library in one transaction: at most four statements for each batch and two for the whole import. Whatever
 * this process can do beside PostgreSQL it does while that works on the statement before.
 * The result is that of loading all imports in the order of their time, whatever the order in which they come.
 * `readBatches` is called again when the transaction is repeated; what it throws ends the load.
 */
export const createLibraryLoader = (
  connection: PostgresConnection,
  { lateImportDays = defaultLateImportDays, journalDays = defaultJournalDays }: LoaderOptions = {},
): LibraryLoader => ({
  async loadLibrary(library, readBatches) {
    // Before the lock: all of a usual library is parsed by the time that others have to wait for it.
    let ahead: Playtime | undefined = await readPlaytime(readBatches);
    return connection.transaction(async (trx) => {
      const { withheld, batches } = ahead ?? (await readPlaytime(readBatches));
      ahead = undefined;
      const state = await readLibraryState(trx, library, lateImportDays);
      const load = new LibraryLoad(trx, library, state, withheld, journalDays);
      await load.writeAll(batches);
      return load.finish();
    });
  },
});

type PreparedBatch = {
  /** Sorted by app id. */
  rows: readonly EnrichedRow[];
  /** Games that no row before named. Two apps may be one game; the first row speaks for it. */
  games: readonly GameFact[];
  gamesStatement: RawBuilder<GameColumns>;
};

class LibraryLoad {
  readonly #trx: Transaction<Database>;
  readonly #library: LibraryKey;
  readonly #state: LibraryState;
  readonly #withheld: boolean;
  readonly #journalDays: number;
  #listsPlaytimes = false;
  readonly #genres: NamedRows;
  readonly #platforms: NamedRows;
  readonly #told: ToldByImport;
  /** Rows of the games that were named so far, by IGDB id; 0 until they are known. */
  readonly #gameIds = new Map<number, number>();
  readonly #counts = { matched: 0, unmatched: 0, pending: 0, ignored: 0, rejected: 0, new: 0, changed: 0 };
  #minutesPlayed = 0;

  constructor(
    trx: Transaction<Database>,
    library: LibraryKey,
    state: LibraryState,
    withheld: boolean,
    journalDays: number,
  ) {
    this.#trx = trx;
    this.#library = library;
    this.#state = state;
    this.#withheld = withheld;
    this.#journalDays = journalDays;
    this.#genres = new NamedRows(state.genres, state.loadedBefore);
    this.#platforms = new NamedRows(state.platforms, state.loadedBefore);
    this.#told = new ToldByImport(state, withheld);
  }

  /** Writes the batches in their order and one at a time, while the next one is read: two are in memory. */
  async writeAll(batches: AsyncIterable<LoadBatch>): Promise<void> {
    const prepared = this.#prepare(batches);
    try {
      let batch = await prepared.next();
      while (!batch.done) batch = await this.#write(batch.value, () => prepared.next());
    } finally {
      await prepared.return(undefined);
    }
  }

  /** What needs no answer of the database, for each batch that has rows. */
  async *#prepare(batches: AsyncIterable<LoadBatch>): AsyncGenerator<PreparedBatch> {
    for await (const { rows, rejected } of batches) {
      this.#counts.rejected += rejected;
      if (rows.length > 0) yield this.#prepareRows(rows.toSorted((a, b) => a.appId - b.appId));
    }
  }

  #prepareRows(rows: readonly EnrichedRow[]): PreparedBatch {
    const games: GameFact[] = [];
    for (const row of rows) {
      this.#counts[countOf[row.matchStatus]] += 1;
      this.#told.noteApp(row);
      this.#listsPlaytimes ||= row.playtimeMinutes !== null;
      if (!row.game || this.#gameIds.has(row.game.igdbId)) continue;
      this.#gameIds.set(row.game.igdbId, 0);
      const fact = { game: row.game, learntAt: this.#told.learntAtOf(row) };
      this.#told.noteGame(fact);
      games.push(fact);
    }
    const byIgdbId = games.toSorted((a, b) => a.game.igdbId - b.game.igdbId);
    return { rows, games, gamesStatement: gamesStatement(byIgdbId, this.#state) };
  }

  /**
   * Each statement is on its way while this process puts together what the next one needs, and beside the longest, that of
   * the links, the next batch. @returns what `prepareNext` gave; when that failed, after the last statement.
   */
  async #write<Next>(
    { rows, games, gamesStatement }: PreparedBatch,
    prepareNext: () => Promise<Next>,
  ): Promise<Next> {
    for (const { game, learntAt } of games) {
      for (const genre of game.genres ?? []) this.#genres.note(genre, learntAt);
      for (const platform of game.platforms ?? []) this.#platforms.note(platform, learntAt);
    }
    await writeNamedRows(this.#trx, { genres: this.#genres, platforms: this.#platforms });
    const writingGames = gamesStatement.execute(this.#trx);
    await sent(writingGames);
    const links = new Map(games.map((fact) => [fact.game.igdbId, this.#linksOf(fact)]));
    const gameRows = gameRowsOf((await writingGames).rows[0]!);
    const writingLinks = linksStatement(links, gameRows, this.#state).execute(this.#trx);
    await sent(writingLinks);
    for (const { igdb_id, id } of gameRows) this.#gameIds.set(igdb_id, id);
    const facts = rows.map((row) => ({
      row,
      learntAt: this.#told.learntAtOf(row),
      namedAt: this.#told.importedAt,
      gameId: (row.game && this.#gameIds.get(row.game.igdbId)) || null,
    }));
    const statement = entriesStatement(this.#library, this.#state, facts, this.#withheld);
    const next = prepareNext();
    next.catch(() => undefined);
    const relinked = new Set((await writingLinks).rows.map((row) => row.game_id));
    const changedGames = gameRows.filter(({ id, changed }) => changed || relinked.has(id));
    const entries = (await statement.execute(this.#trx)).rows[0]!;
    this.#minutesPlayed += entries.minutes_played;
    this.#countChanges(rows, entries, new Set(changedGames.map((game) => game.igdb_id)));
    return next;
  }

  #linksOf({ game: { genres, platforms }, learntAt }: GameFact): GameLinks {
    return {
      learntAt,
      genreIds: genres && this.#genres.idsOf(genres),
      platformIds: platforms && this.#platforms.idsOf(platforms),
    };
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
      minutes_played: this.#minutesPlayed,
      stale: this.#state.newerImportIds.length > 0,
    };
    const told = this.#told.withNames({ genres: this.#genres.told, platforms: this.#platforms.told });
    const gone = await recordImport(this.#trx, this.#library, this.#state, told, summary, this.#journalDays);
    const hidden = this.#withheld && this.#listsPlaytimes && (await wasPlayed(this.#trx, this.#library));
    return { ...summary, gone, warnings: hidden ? [playtimeHiddenWarning] : [] };
  }
}

const countOf = {
  MATCHED: 'matched',
  UNMATCHED: 'unmatched',
  PENDING: 'pending',
  IGNORED: 'ignored',
} as const;
