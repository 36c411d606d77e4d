import {
  type IgdbCatalogue,
  type IgdbGame,
  idsPerRequest,
  namesakesPerRequest,
  namesPerRequest,
  otherCasesPerRequest,
  slugsPerQuestion,
  uidsPerRequest,
} from '@savepoint/core/matching/igdb-game.ts';
import { areAlternativeNames, areExternalGamesOf, areGames, areGamesOf } from './answers.ts';
import { anyOf, equalIgnoringCase, page, pageLimit, search } from './apicalypse.ts';
import { type GamePrefix, type GameReference, readGame, readGameReferences } from './game-rows.ts';
import { unavailable } from './igdb-errors.ts';
import type { GameQuestion } from './optional-fields.ts';

type Ask = (question: GameQuestion) => Promise<unknown[]>;

/** IGDB's `external_game_source` of Steam. */
const steam = 1;
/** IGDB ranks poorly: the game itself often stands behind its editions and add-ons. */
const searchLimit = 20;
/** More than any question has, so that a server that ignores `offset` is noticed. */
const maxPages = 20;

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
    findGamesByOtherCase: async (names) => {
      const some = atMost(names, otherCasesPerRequest);
      const where = some.map(equalIgnoringCase).join(' | ');
      return withOtherNames([], await findByAlternativeName(ask, where, some.length > 0));
    },
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

type PagedQuestion = Omit<GameQuestion, 'query'> & {
  fields(of: (prefix: GamePrefix) => string): string;
  where: string;
  isAsked: boolean;
};

/** Every row: duplicates can fill a page, and what they push out stands on the next one. */
async function askPages(ask: Ask, question: PagedQuestion): Promise<unknown[]> {
  const { endpoint, isAnswer, where } = question;
  const rows: unknown[] = [];
  if (!question.isAsked) return rows;
  for (let pages = 0; pages < maxPages; pages++) {
    const offset = rows.length;
    const answer = await ask({
      endpoint,
      isAnswer,
      query: (of) => page({ fields: question.fields(of), where, offset }),
    });
    rows.push(...answer);
    if (answer.length < pageLimit) return rows;
  }
  throw unavailable({ endpoint, reason: `more than ${maxPages} pages` });
}

async function findGamesById(ask: Ask, ids: readonly number[]): Promise<IgdbGame[]> {
  if (ids.length === 0) return [];
  const rows = await ask({
    endpoint: 'games',
    query: (of) => page({ fields: of(''), where: `id = ${anyOf(ids)}`, offset: 0 }),
    isAnswer: areGamesOf(ids),
  });
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
  return findGamesWhere(ask, `name = ${anyOf(names)}`, names.length > 0);
}

async function findGamesWhere(ask: Ask, where: string, isAsked: boolean): Promise<IgdbGame[]> {
  const rows = await askPages(ask, {
    endpoint: 'games',
    where,
    isAsked,
    fields: (of) => of(''),
    isAnswer: areGames,
  });
  return rows.flatMap((row) => readGame(row) ?? []);
}

async function findGamesByName(
  ask: Ask,
  names: readonly string[],
  slugs: readonly string[],
): Promise<IgdbGame[]> {
  const named = `name = ${anyOf(names)}`;
  const slugged = Array.from({ length: Math.ceil(slugs.length / slugsPerQuestion) }, (_, index) =>
    anyOf(slugs.slice(index * slugsPerQuestion, (index + 1) * slugsPerQuestion)),
  );
  const [byOtherName, ...games] = await Promise.all([
    findByAlternativeName(ask, named, names.length > 0),
    findGamesWhere(ask, named, names.length > 0),
    ...slugged.map((some) => findGamesWhere(ask, `slug = ${some}`, true)),
  ]);
  return withOtherNames(games.flat(), byOtherName);
}

/** What refers to each alternative name that is there. */
async function findByAlternativeName(
  ask: Ask,
  where: string,
  isAsked: boolean,
): Promise<ReadonlyMap<string, IgdbGame[]>> {
  const rows = await askPages(ask, {
    endpoint: 'alternative_names',
    where,
    isAsked,
    fields: (of) => `name,${of('game.')}`,
    isAnswer: areAlternativeNames,
  });
  return resolveGames(ask, readGameReferences(rows, 'name'));
}

/** @param byOtherName games that bear a name beside their own. */
function withOtherNames(
  games: readonly IgdbGame[],
  byOtherName: ReadonlyMap<string, readonly IgdbGame[]>,
): IgdbGame[] {
  const byId = new Map(games.map((game) => [game.igdbId, game]));
  for (const [name, found] of byOtherName)
    for (const game of found) byId.set(game.igdbId, withName(byId.get(game.igdbId) ?? game, name));
  return [...byId.values()];
}

const withName = (game: IgdbGame, name: string): IgdbGame => ({
  ...game,
  alternativeNames: [...new Set([...(game.alternativeNames ?? []), name])],
});

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
