import { type IgdbGame, idsPerRequest } from '@savepoint/core/matching/igdb-game.ts';
import { areGames, areGamesOf } from './answers.ts';
import { anyOf, page, pageLimit } from './apicalypse.ts';
import { type GamePrefix, type GameReference, readGame } from './game-rows.ts';
import { unavailable } from './igdb-errors.ts';
import type { GameQuestion } from './optional-fields.ts';

/** Questions whose answers are games, whole: page by page, and with the games that rows refer to. */

export type Ask = (question: GameQuestion) => Promise<unknown[]>;

/** More than any question has, so that a server that ignores `offset` is noticed. */
const maxPages = 20;

type PagedQuestion = Omit<GameQuestion, 'query'> & {
  fields(of: (prefix: GamePrefix) => string): string;
  where: string;
  isAsked: boolean;
};

/** Every row: duplicates can fill a page, and what they push out stands on the next one. */
export async function askPages(ask: Ask, question: PagedQuestion): Promise<unknown[]> {
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

export async function findGamesById(ask: Ask, ids: readonly number[]): Promise<IgdbGame[]> {
  if (ids.length === 0) return [];
  const rows = await ask({
    endpoint: 'games',
    query: (of) => page({ fields: of(''), where: `id = ${anyOf(ids)}`, offset: 0 }),
    isAnswer: areGamesOf(ids),
  });
  return rows.flatMap((row) => readGame(row) ?? []);
}

/** The games by what referred to them, each once. Bare ids are looked up; ids that IGDB does not know are left out. */
export async function resolveGames(
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

export async function findGamesWhere(ask: Ask, where: string, isAsked: boolean): Promise<IgdbGame[]> {
  const rows = await askPages(ask, {
    endpoint: 'games',
    where,
    isAsked,
    fields: (of) => of(''),
    isAnswer: areGames,
  });
  return rows.flatMap((row) => readGame(row) ?? []);
}
