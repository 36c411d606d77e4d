import {
  type IgdbCatalogue,
  type IgdbGame,
  idsPerRequest,
  namesakesPerRequest,
  namesPerRequest,
  otherCasesPerRequest,
  uidsPerRequest,
} from '@savepoint/core/matching/igdb-game.ts';
import { areExternalGamesOf, areGames } from './answers.ts';
import { anyOf, search } from './apicalypse.ts';
import { type Ask, askPages, findGamesById, resolveGames } from './game-questions.ts';
import { readGame, readGameReferences } from './game-rows.ts';
import { findGamesByName, findGamesByOtherCase, findNamesakes } from './games-by-name.ts';

/** IGDB's `external_game_source` of Steam. */
const steam = 1;
/** IGDB ranks poorly: the game itself often stands behind its editions and add-ons. */
const searchLimit = 20;
/** The games of IGDB as the look-up sees them. @param ask throws IgdbApiError */
export function createCatalogue(ask: Ask): Omit<IgdbCatalogue, 'findTimesToBeat'> {
  return {
    async findGamesBySteamAppId(appIds) {
      const uids = atMost(appIds, uidsPerRequest).map(String);
      const rows = await askPages(ask, {
        endpoint: 'external_games',
        fields: (of) => `uid,${of('game.')}`,
        where: `external_game_source = ${steam} & uid = ${anyOf(uids)}`,
        isAsked: uids.length > 0,
        isAnswer: areExternalGamesOf(uids),
      });
      const gamesByUid = await resolveGames(ask, readGameReferences(rows, 'uid'));
      return new Map(
        uids.flatMap((uid) => {
          const games = gamesByUid.get(uid);
          return games ? [[Number(uid), games] as const] : [];
        }),
      );
    },
    findGamesById: async (igdbIds) => findGamesById(ask, atMost(igdbIds, idsPerRequest)),
    findGamesByName: async (names, slugs) =>
      findGamesByName(ask, atMost(names, namesPerRequest), [...new Set(slugs)]),
    findGamesByOtherCase: async (names) => findGamesByOtherCase(ask, atMost(names, otherCasesPerRequest)),
    findNamesakes: async (names) => findNamesakes(ask, atMost(names, namesakesPerRequest)),
    searchGames: (titles) => searchGames(ask, titles),
  };
}

/** Each once. @throws RangeError when the caller asks for more than fits */
function atMost<Value>(values: readonly Value[], most: number): Value[] {
  const unique = [...new Set(values)];
  if (unique.length > most)
    throw new RangeError(`At most ${most} fit into one request, not ${unique.length}.`);
  return unique;
}

async function searchGames(ask: Ask, titles: readonly string[]): Promise<IgdbGame[][]> {
  return Promise.all(
    titles.map(async (title) => {
      const rows = await ask({
        endpoint: 'games',
        query: (of) => search(title, { fields: of(''), limit: searchLimit }),
        isAnswer: areGames,
      });
      return rows.flatMap((row) => readGame(row) ?? []);
    }),
  );
}
