import { type IgdbGame, slugsPerQuestion } from '@savepoint/core/matching/igdb-game.ts';
import { areAlternativeNames } from './answers.ts';
import { anyOf, equalIgnoringCase } from './apicalypse.ts';
import { type Ask, askPages, findGamesWhere, resolveGames } from './game-questions.ts';
import { readGameReferences } from './game-rows.ts';

/** Games by their own names and slugs, and by their alternative names. */

export async function findNamesakes(ask: Ask, names: readonly string[]): Promise<IgdbGame[]> {
  return findGamesWhere(ask, `name = ${anyOf(names)}`, names.length > 0);
}

export async function findGamesByName(
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

export async function findGamesByOtherCase(ask: Ask, names: readonly string[]): Promise<IgdbGame[]> {
  const where = names.map(equalIgnoringCase).join(' | ');
  return withOtherNames([], await findByAlternativeName(ask, where, names.length > 0));
}
