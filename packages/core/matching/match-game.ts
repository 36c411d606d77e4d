import type { IgdbGame } from './igdb-game.ts';
import { gameTypeRank, isAddOnType } from './igdb-game-type.ts';
import { type Match, unmatched } from './match.ts';
import { pickByName } from './match-by-name.ts';
import { titleKey } from './normalise-title.ts';
import { readTitles } from './title-readings.ts';

export type { Match, MatchMethod } from './match.ts';

/**
 * The one game among IGDB's candidates for a Steam app, or none: a wrong match is worse than none.
 * Candidates by uid are IGDB's own word, so that one is taken unless only an add-on of another name is there.
 * Candidates by name or search must bear the app's name, alone, after year, platform and type are weighed.
 * The answer does not depend on the order of the candidates.
 */
export function pickGame(
  app: { name: string },
  candidates: readonly IgdbGame[],
  method: 'uid' | 'name' | 'search',
): Match {
  const unique = [...new Map(candidates.map((game) => [game.igdbId, game])).values()];
  unique.sort((a, b) => a.igdbId - b.igdbId);
  if (unique.length === 0) return unmatched('noCandidate', []);
  return method === 'uid' ? pickByUid(app.name, unique) : pickByName(app.name, unique, method);
}

/** Name first, then type, then originals before editions, then the lowest id. */
function pickByUid(name: string, candidates: readonly IgdbGame[]): Match {
  const keys = readTitles(name).map(({ title }) => titleKey(title));
  const ranked = candidates.map((game) => {
    const reading = keys.indexOf(titleKey(game.name));
    const nameRank = reading === -1 ? keys.length : reading;
    return { game, ranks: [nameRank, gameTypeRank(game.gameType), game.versionParentId === null ? 0 : 1] };
  });
  const best = ranked.reduce((a, b) => (compareRanks(b.ranks, a.ranks) < 0 ? b : a));
  const agrees = best.ranks[0]! < keys.length;
  if (!agrees && isAddOnType(best.game.gameType)) return unmatched('addOn', candidates);

  const alone = candidates.length === 1;
  return {
    status: 'MATCHED',
    game: best.game,
    method: 'uid',
    confidence: confidenceByUid(alone, agrees),
    reason: `${alone ? 'the only game' : `the best of ${candidates.length} games`} of this app id; ${compareNames(keys.length > 0, agrees)}`,
    rejectedIds: candidates.map(({ igdbId }) => igdbId).filter((igdbId) => igdbId !== best.game.igdbId),
  };
}

function compareNames(isNamed: boolean, agrees: boolean): string {
  if (!isNamed) return 'the app has no name to compare';
  return agrees ? 'the names agree' : 'IGDB calls it otherwise';
}

function confidenceByUid(alone: boolean, agrees: boolean): number {
  if (agrees) return alone ? 1 : 0.98;
  return alone ? 0.9 : 0.6;
}

const compareRanks = (a: readonly number[], b: readonly number[]): number =>
  a.map((rank, index) => rank - b[index]!).find((difference) => difference !== 0) ?? 0;
