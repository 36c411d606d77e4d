import type { IgdbCatalogue, IgdbGame } from '@savepoint/core/matching/igdb-game.ts';
import { untoldGame } from '../../support/library-rows.ts';

export const windows = { id: 6, name: 'PC (Microsoft Windows)' };

/** A game for Windows; `more` overrides. */
export const game = (igdbId: number, name: string, more: Partial<IgdbGame> = {}): IgdbGame => ({
  ...untoldGame,
  igdbId,
  slug: `game-${igdbId}`,
  name,
  summary: null,
  releaseDate: '2010-05-18',
  coverImageId: null,
  genres: null,
  platforms: [windows],
  gameType: 0,
  parentGameId: null,
  versionParentId: null,
  updatedAt: null,
  ...more,
});

/** IGDB in memory: names letter by letter, a search by words, and a note of every request. */
export function createCatalogue(
  games: readonly IgdbGame[],
  uids: ReadonlyMap<number, readonly IgdbGame[]> = new Map(),
) {
  const requests: {
    kind: 'uid' | 'namesake' | 'name' | 'otherCase' | 'search';
    of: readonly (number | string)[];
  }[] = [];
  /** What was asked of how long games take. */
  const times: (readonly number[])[] = [];
  const wordsOf = (text: string): string[] => text.toLowerCase().match(/\w+/g) ?? [];
  const igdb: IgdbCatalogue = {
    findGamesBySteamAppId: async (appIds) => {
      requests.push({ kind: 'uid', of: appIds });
      return new Map(
        appIds.flatMap((appId) => (uids.has(appId) ? [[appId, uids.get(appId)!] as const] : [])),
      );
    },
    findTimesToBeat: async (ids) => {
      times.push(ids);
      return new Map();
    },
    findGamesById: async (ids) => games.filter(({ igdbId }) => ids.includes(igdbId)),
    findGamesByName: async (names, slugs) => {
      requests.push({ kind: 'name', of: names });
      return games.filter(
        ({ name, slug, alternativeNames }) =>
          names.includes(name) ||
          slugs.includes(slug ?? '') ||
          alternativeNames?.some((other) => names.includes(other)),
      );
    },
    findGamesByOtherCase: async (names) => {
      requests.push({ kind: 'otherCase', of: names });
      const wanted = new Set(names.map((name) => name.toLowerCase()));
      return games.filter(({ alternativeNames }) =>
        alternativeNames?.some((other) => wanted.has(other.toLowerCase())),
      );
    },
    findNamesakes: async (names) => {
      requests.push({ kind: 'namesake', of: names });
      return games.filter(({ name }) => names.includes(name));
    },
    searchGames: async (titles) => {
      requests.push({ kind: 'search', of: titles });
      return titles.map((title) =>
        games.filter(({ name }) => wordsOf(title).every((word) => wordsOf(name).includes(word))),
      );
    },
  };
  return { igdb, requests, times };
}
