import {
  type IgdbCatalogue,
  type IgdbGame,
  idsPerRequest,
  namesakesPerRequest,
  namesPerRequest,
  searchesPerRequest,
  uidsPerRequest,
} from '@savepoint/core/matching/igdb-game.ts';
import * as v from 'valibot';
import { areAlternativeNames, areExternalGamesOf, areGames, areGamesOf, areSearches } from './answers.ts';
import { anyOf, multiSearch, page, pageLimit } from './apicalypse.ts';
import { fieldsOfGame, type GameReference, readGame, readGameReferences } from './game-rows.ts';
import { unavailable } from './igdb-errors.ts';
import type { Question } from './igdb-request.ts';

type Ask = (question: Question) => Promise<unknown[]>;

/** IGDB's `external_game_source` of Steam. */
const steam = 1;
/** IGDB ranks poorly: the game itself often stands behind its editions and add-ons. */
const searchLimit = 20;
/** More than any question has, so that a server that ignores `offset` is noticed. */
const maxPages = 20;

/** IGDB as the look-up sees it. @param ask throws IgdbApiError */
export function createCatalogue(ask: Ask): IgdbCatalogue {
  return {
    async findGamesBySteamAppId(appIds) {
      const uids = atMost(appIds, uidsPerRequest).map(String);
      const rows = await askPages(ask, {
        endpoint: 'external_games',
        fields: `uid,${fieldsOfGame('game.')}`,
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
    findGamesByName: async (names) => findGamesByName(ask, atMost(names, namesPerRequest)),
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

type PagedQuestion = Omit<Question, 'query'> & { fields: string; where: string; isAsked: boolean };

/** Every row: duplicates can fill a page, and what they push out stands on the next one. */
async function askPages(ask: Ask, question: PagedQuestion): Promise<unknown[]> {
  const { endpoint, isAnswer } = question;
  const rows: unknown[] = [];
  if (!question.isAsked) return rows;
  for (let pages = 0; pages < maxPages; pages++) {
    const answer = await ask({ endpoint, isAnswer, query: page({ ...question, offset: rows.length }) });
    rows.push(...answer);
    if (answer.length < pageLimit) return rows;
  }
  throw unavailable({ endpoint, reason: `more than ${maxPages} pages` });
}

async function findGamesById(ask: Ask, ids: readonly number[]): Promise<IgdbGame[]> {
  if (ids.length === 0) return [];
  const query = page({ fields: fieldsOfGame(''), where: `id = ${anyOf(ids)}`, offset: 0 });
  const rows = await ask({ endpoint: 'games', query, isAnswer: areGamesOf(ids) });
  return rows.flatMap((row) => readGame(row) ?? []);
}

/** The games by what referred to them, each once. Bare ids are looked up; ids that IGDB does not know are left out. */
async function resolveGames(
  ask: Ask,
  references: readonly GameReference[],
): Promise<Map<string, IgdbGame[]>> {
  const bareIds = [...new Set(references.flatMap(({ game }) => (typeof game === 'number' ? game : [])))];
  const gameById = new Map<number, IgdbGame>();
  for (let at = 0; at < bareIds.length; at += idsPerRequest) {
    const games = await findGamesById(ask, bareIds.slice(at, at + idsPerRequest));
    for (const game of games) gameById.set(game.igdbId, game);
  }
  const resolved = new Map<string, IgdbGame[]>();
  for (const { text, game: reference } of references) {
    const game = typeof reference === 'number' ? gameById.get(reference) : reference;
    const games = resolved.get(text) ?? [];
    if (!game || games.some(({ igdbId }) => igdbId === game.igdbId)) continue;
    resolved.set(text, [...games, game]);
  }
  return resolved;
}

async function findNamesakes(ask: Ask, names: readonly string[]): Promise<IgdbGame[]> {
  const rows = await askPages(ask, {
    endpoint: 'games',
    where: `name = ${anyOf(names)}`,
    isAsked: names.length > 0,
    fields: fieldsOfGame(''),
    isAnswer: areGames,
  });
  return rows.flatMap((row) => readGame(row) ?? []);
}

async function findGamesByName(ask: Ask, names: readonly string[]): Promise<IgdbGame[]> {
  const games = new Map((await findNamesakes(ask, names)).map((game) => [game.igdbId, game]));
  const byOtherName = await askPages(ask, {
    endpoint: 'alternative_names',
    where: `name = ${anyOf(names)}`,
    isAsked: names.length > 0,
    fields: `name,${fieldsOfGame('game.')}`,
    isAnswer: areAlternativeNames,
  });
  const otherNames = await resolveGames(ask, readGameReferences(byOtherName, 'name'));
  for (const [name, found] of otherNames)
    for (const game of found) games.set(game.igdbId, withName(games.get(game.igdbId) ?? game, name));
  return [...games.values()];
}

const withName = (game: IgdbGame, name: string): IgdbGame => ({
  ...game,
  alternativeNames: [...new Set([...(game.alternativeNames ?? []), name])],
});

const SearchResult = v.object({ name: v.string(), result: v.nullish(v.array(v.unknown()), []) });

async function searchGames(ask: Ask, titles: readonly string[]): Promise<IgdbGame[][]> {
  if (titles.length > searchesPerRequest)
    throw new RangeError(
      `At most ${searchesPerRequest} searches fit into one request, not ${titles.length}.`,
    );
  const found = titles.map((): IgdbGame[] => []);
  if (titles.length === 0) return found;
  const query = multiSearch(titles, { fields: fieldsOfGame(''), limit: searchLimit });
  for (const row of await ask({ endpoint: 'multiquery', query, isAnswer: areSearches(titles.length) })) {
    const search = v.safeParse(SearchResult, row);
    // By name, not by place: the results carry the index of their title.
    if (search.success)
      found[Number(search.output.name)]?.push(
        ...search.output.result.flatMap((game) => readGame(game) ?? []),
      );
  }
  return found;
}
