import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import type { LibraryState } from './library-state.ts';
import { namedAtOf, tellsOfApp } from './load-apps.ts';
import type { GameFact } from './load-games.ts';
import type { Told } from './record-import.ts';
import { toldBits } from './told.ts';

/** What an import told so far, and when that was learnt. Times in Unix seconds. */
export class ToldByImport {
  /** When the person's library was fetched, and with it the names of its apps. */
  readonly importedAt: number;
  readonly #nowSeconds: number;
  readonly #withheld: boolean;
  readonly #appIdsByTold = new Map<number, number[]>();
  readonly #games = { ids: [] as number[], learntAt: [] as number[] };
  readonly #apps = {
    ids: [] as number[],
    learntAt: [] as (number | null)[],
    namedAt: [] as (number | null)[],
  };

  constructor({ importedAt, nowSeconds }: LibraryState, withheld: boolean) {
    this.importedAt = Math.floor(importedAt.getTime() / 1000);
    this.#nowSeconds = nowSeconds;
    this.#withheld = withheld;
  }

  /** Files of before do not say it; a time to come would hold against all that is learnt until then. */
  learntAtOf({ learntAt }: EnrichedRow): number {
    return Math.min(learntAt ?? this.importedAt, this.#nowSeconds);
  }

  noteApp(row: EnrichedRow): void {
    const bits = toldBits(row, this.#withheld);
    const appIds = this.#appIdsByTold.get(bits);
    if (appIds) appIds.push(row.appId);
    else this.#appIdsByTold.set(bits, [row.appId]);
    this.#apps.ids.push(row.appId);
    // With a source silent it confirms nothing: a stronger word of the time between may come yet.
    const confirms = tellsOfApp(row) && row.silentSources.length === 0;
    this.#apps.learntAt.push(confirms ? this.learntAtOf(row) : null);
    this.#apps.namedAt.push(namedAtOf(row, this.importedAt));
  }

  noteGame({ game, learntAt }: GameFact): void {
    this.#games.ids.push(game.igdbId);
    this.#games.learntAt.push(learntAt);
  }

  /** All of it, for the record. @param names of genres and platforms: when each was learnt, by IGDB id. */
  withNames(names: Record<'genres' | 'platforms', ReadonlyMap<number, number>>): Told {
    for (const appIds of this.#appIdsByTold.values()) appIds.sort((a, b) => a - b);
    return {
      appIdsByTold: this.#appIdsByTold,
      facts: [
        { kind: 'games', ...this.#games },
        { kind: 'steam_apps', ...this.#apps },
        { kind: 'genres', ids: [...names.genres.keys()], learntAt: [...names.genres.values()] },
        { kind: 'platforms', ids: [...names.platforms.keys()], learntAt: [...names.platforms.values()] },
      ],
    };
  }
}
