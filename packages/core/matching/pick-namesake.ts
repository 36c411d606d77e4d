import type { IgdbGame } from './igdb-game.ts';
import type { Match } from './match.ts';
import { pickByName } from './match-by-name.ts';
import { gameTypeRank } from './igdb-game-type.ts';
import { titleKey } from './normalise-title.ts';
import { readTitles } from './title-readings.ts';

type Matched = Match & { status: 'MATCHED' };

/** Whether IGDB calls the game, also by an alternative name, what Steam calls the app. */
export function namesAgree(name: string, game: IgdbGame): boolean {
  const keys = new Set(readTitles(name).map(({ title }) => titleKey(title)));
  return [game.name, ...(game.alternativeNames ?? [])].some((other) => keys.has(titleKey(other)));
}

/**
 * Decides between the game of the app's uid, which IGDB calls otherwise, and a game that bears the app's very name.
 * Sequels, editions and renamed products sometimes carry the uid of another game, so the namesake wins if it is the
 * only one, stands by itself and came out on a PC. The reason says which won, and why.
 * @param games among them every game of the app's name.
 */
export function pickNamesake(name: string, byUid: Matched, games: readonly IgdbGame[]): Match {
  const [whole] = readTitles(name);
  const bearers = games.filter(
    (game) => whole !== undefined && titleKey(game.name) === titleKey(whole.title),
  );
  const isOnly = new Set(bearers.map(({ igdbId }) => igdbId)).size === 1;
  const namesake = isOnly ? pickByName(name, bearers.slice(0, 1), 'name') : undefined;
  if (namesake?.status !== 'MATCHED' || gameTypeRank(namesake.game.gameType) === 2)
    return { ...byUid, reason: `${byUid.reason}, and no other game alone bears the app's name` };
  return {
    ...namesake,
    confidence: Math.min(namesake.confidence, byUid.confidence),
    reason: `the app's name is that of one game; the game of this app id is called “${byUid.game.name.slice(0, 200)}”`,
    rejectedIds: [...byUid.rejectedIds, byUid.game.igdbId]
      .filter((igdbId) => igdbId !== namesake.game.igdbId)
      .sort((a, b) => a - b),
  };
}
