import * as v from 'valibot';
import { namedList } from '../contracts/named-list.ts';
import type { IgdbCatalogue, IgdbGame } from '../matching/igdb-game.ts';
import type { Match } from '../matching/match.ts';

/**
 * Remembers what the games of all answers are called, so that whoever reviews a match need not ask IGDB what the
 * others were. It asks nothing itself.
 */
export function hearNames(igdb: IgdbCatalogue): { igdb: IgdbCatalogue; withNames(match: Match): Match } {
  const names = new Map<number, string>();
  const hear = <Games extends Iterable<IgdbGame>>(games: Games): Games => {
    for (const { igdbId, name } of games) names.set(igdbId, name);
    return games;
  };
  return {
    igdb: {
      ...igdb,
      async findGamesBySteamAppId(appIds) {
        const found = await igdb.findGamesBySteamAppId(appIds);
        for (const games of found.values()) hear(games);
        return found;
      },
      findGamesByName: async (...asked) => hear(await igdb.findGamesByName(...asked)),
      findGamesByOtherCase: async (asked) => hear(await igdb.findGamesByOtherCase(asked)),
      findNamesakes: async (asked) => hear(await igdb.findNamesakes(asked)),
      async searchGames(titles) {
        const found = await igdb.searchGames(titles);
        for (const games of found) hear(games);
        return found;
      },
    },
    withNames(match) {
      const named = match.rejectedIds.map((id) => ({ id, name: names.get(id) }));
      const candidates = v.parse(namedList.fromJson, named);
      return candidates === null ? match : { ...match, candidates };
    },
  };
}
