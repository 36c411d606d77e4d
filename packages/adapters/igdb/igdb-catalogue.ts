import {
  type IgdbCatalogue,
  type IgdbGame,
  idsPerRequest,
  namesPerRequest,
  searchesPerRequest,
  uidsPerRequest,
} from '@savepoint/core/matching/igdb-game.ts';
import * as v from 'valibot';
import { anyOf, multiSearch, page, pageLimit } from './apicalypse.ts';
import { fieldsOfGame, type GameReference, readGame, readGameReferences } from './game-rows.ts';
import { unavailable } from './igdb-errors.ts';

type Ask = (endpoint: string, query: string) => Promise<unknown[]>;

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
      const uids = few(appIds, uidsPerRequest).map(String);
      const rows = await askPages(ask, 'external_games', {
        fields: `uid,${fieldsOfGame('game.', { alternativeNames: false })}`,
        where: `external_game_source = ${steam} & uid = ${anyOf(uids)}`,
        isAsked: uids.length > 0,
      });
      const gamesByUid = await resolveGames(ask, readGameReferences(rows, 'uid'));
      return new Map(
        uids.flatMap((uid) => {
          const games = gamesByUid.get(uid);
          return games ? [[Number(uid), games] as const] : [];
        }),
      );
    },
    findGamesById: async (igdbIds) => findGamesById(ask, few(igdbIds, idsPerRequest)),
    findGamesByName: async (names) => findGamesByName(ask, few(names, namesPerRequest)),
    searchGames: (titles) => searchGames(ask, titles),
  };
}

/** Each once. @throws RangeError when the caller asks for more than fits */
function few<Value>(values: readonly Value[], most: number): Value[] {
  const unique = [...new Set(values)];
  if (unique.length > most)
    throw new RangeError(`At most ${most} fit into one request, not ${unique.length}.`);
  return unique;
}

type Question = { fields: string; where: string; isAsked: boolean };

/** Every row: duplicates can fill a page, and what they push out stands on the next one. */
async function askPages(ask: Ask, endpoint: string, question: Question): Promise<unknown[]> {
  const rows: unknown[] = [];
  if (!question.isAsked) return rows;
  for (let pages = 0; pages < maxPages; pages++) {
    const answer = await ask(endpoint, page({ ...question, offset: rows.length }));
    rows.push(...answer);
    if (answer.length < pageLimit) return rows;
  }
  throw unavailable({ endpoint, reason: `more than ${maxPages} pages` });
}

async function findGamesById(
  ask: Ask,
  ids: readonly number[],
  alternativeNames = false,
): Promise<IgdbGame[]> {
  if (ids.length === 0) return [];
  const fields = fieldsOfGame('', { alternativeNames });
  const rows = await ask('games', page({ fields, where: `id = ${anyOf(ids)}`, offset: 0 }));
  return rows.flatMap((row) => readGame(row) ?? []);
}

/** The games by what referred to them, each once. Bare ids are looked up; ids that IGDB does not know are left out. */
async function resolveGames(
  ask: Ask,
  references: readonly GameReference[],
  alternativeNames = false,
): Promise<Map<string, IgdbGame[]>> {
  const bareIds = [...new Set(references.flatMap(({ game }) => (typeof game === 'number' ? game : [])))];
  const gameById = new Map<number, IgdbGame>();
  for (let at = 0; at < bareIds.length; at += idsPerRequest) {
    const games = await findGamesById(ask, bareIds.slice(at, at + idsPerRequest), alternativeNames);
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

async function findGamesByName(ask: Ask, names: readonly string[]): Promise<IgdbGame[]> {
  const question = { where: `name = ${anyOf(names)}`, isAsked: names.length > 0 };
  const fields = fieldsOfGame('', { alternativeNames: true });
  const named = await askPages(ask, 'games', { ...question, fields });
  const byOtherName = await askPages(ask, 'alternative_names', {
    ...question,
    fields: `name,${fieldsOfGame('game.', { alternativeNames: true })}`,
  });
  const games = new Map<number, IgdbGame>();
  for (const row of named) {
    const game = readGame(row);
    if (game) games.set(game.igdbId, game);
  }
  const otherNames = await resolveGames(ask, readGameReferences(byOtherName, 'name'), true);
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
  const fields = fieldsOfGame('', { alternativeNames: true });
  for (const row of await ask('multiquery', multiSearch(titles, { fields, limit: searchLimit }))) {
    const search = v.safeParse(SearchResult, row);
    // By name, not by place: the results carry the index of their title.
    if (search.success)
      found[Number(search.output.name)]?.push(
        ...search.output.result.flatMap((game) => readGame(game) ?? []),
      );
  }
  return found;
}
