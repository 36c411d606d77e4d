import type { IgdbGame } from './igdb-game.ts';
import { gameTypeRank, isAddOnType, isMainType } from './igdb-game-type.ts';
import { type Match, unmatched, type unmatchedReasons } from './match.ts';
import { normaliseTitle, titleKey } from './normalise-title.ts';
import { cleanTitle, readTitles, type TitleReading } from './title-readings.ts';

/** Linux, Windows, DOS, Mac, SteamOS, Windows Mixed Reality, Oculus VR, SteamVR, Oculus Rift. */
const pcPlatformIds: ReadonlySet<number> = new Set([3, 6, 13, 14, 92, 161, 162, 163, 385]);

/** Alternative names below this are abbreviations, which many games share. */
const shortestAlternativeName = 5;
/** An add-on counts only under a name of so many words: nobody else has that by chance. */
const fewestWordsOfAddOn = 3;

const confidences = { whole: 0.97, year: 0.95, translation: 0.9, edition: 0.85 } as const;

type Narrowed = { game: IgdbGame; doubts: number } | { failure: keyof typeof unmatchedReasons };

/**
 * The only candidate that bears the app's name, the most literal reading of it first, and names before
 * alternative names. The first reading that any candidate bears decides; two bearers leave the app unmatched.
 */
export function pickByName(name: string, candidates: readonly IgdbGame[], method: 'name' | 'search'): Match {
  let failure: keyof typeof unmatchedReasons = 'noAgreement';
  for (const reading of readTitles(name)) {
    for (const bearers of [bearersOf(reading, candidates), alternativeBearersOf(reading, candidates)]) {
      if (bearers.games.length === 0) continue;
      const narrowed = narrow(name, reading, bearers.games);
      if ('failure' in narrowed) {
        if (narrowed.failure !== 'otherPlatform') return unmatched(narrowed.failure, candidates);
        failure = narrowed.failure;
        continue;
      }
      const doubts = narrowed.doubts + (bearers.alternative ? 1 : 0) + (method === 'search' ? 1 : 0);
      return {
        status: 'MATCHED',
        game: narrowed.game,
        method: method === 'name' && bearers.alternative ? 'alternative_name' : method,
        confidence: Math.round(100 * confidences[reading.kind] - 4 * doubts) / 100,
        reason: describe(reading, bearers.alternative, bearers.games.length),
        rejectedIds: candidates
          .map(({ igdbId }) => igdbId)
          .filter((igdbId) => igdbId !== narrowed.game.igdbId),
      };
    }
  }
  return unmatched(failure, candidates);
}

function bearersOf({ title, kind }: TitleReading, candidates: readonly IgdbGame[]) {
  const key = titleKey(title);
  const games = candidates.filter((game) => titleKey(game.name) === key);
  // Without its edition's name, the app can only be the game itself.
  const fitting = kind === 'edition' ? games.filter(isOriginal) : games;
  return { games: fitting, alternative: false };
}

function alternativeBearersOf({ title, kind }: TitleReading, candidates: readonly IgdbGame[]) {
  const key = titleKey(title);
  const counts = kind !== 'edition' && (key.length >= shortestAlternativeName || /\p{Lo}/u.test(key));
  const games = candidates.filter(
    ({ alternativeNames }) => counts && alternativeNames?.some((other) => titleKey(other) === key),
  );
  return { games, alternative: true };
}

const isOriginal = ({ gameType, versionParentId }: IgdbGame): boolean =>
  versionParentId === null && (gameType === null || isMainType(gameType));

/** One game by year, platform, type, edition and exact spelling; each that has to decide is a doubt. */
function narrow(name: string, { title, year }: TitleReading, bearers: readonly IgdbGame[]): Narrowed {
  const ofYear = year === undefined ? bearers : bearers.filter((game) => isNear(game.releaseDate, year));
  if (ofYear.length === 0) return { failure: 'otherYear' };

  const onPc = ofYear.filter(({ platforms }) =>
    platforms?.some(({ id }) => id !== null && pcPlatformIds.has(id)),
  );
  const playable = onPc.length > 0 ? onPc : ofYear.filter(({ platforms }) => (platforms ?? []).length === 0);
  if (playable.length === 0) return { failure: 'otherPlatform' };

  const lowestRank = Math.min(...playable.map(({ gameType }) => gameTypeRank(gameType)));
  const ofType = playable.filter(({ gameType }) => gameTypeRank(gameType) === lowestRank);
  const originals = prefer(ofType, ({ versionParentId }) => versionParentId === null);
  const spelling = cleanTitle(name).toLowerCase();
  const [game, ...others] = prefer(originals, (it) => cleanTitle(it.name).toLowerCase() === spelling);
  if (others.length > 0) return { failure: 'ambiguous' };
  const words = normaliseTitle(title).split(' ').length;
  if (isAddOnType(game!.gameType) && words < fewestWordsOfAddOn) return { failure: 'addOn' };
  return { game: game!, doubts: (bearers.length > 1 ? 2 : 0) + (onPc.length > 0 ? 0 : 1) };
}

const prefer = (games: readonly IgdbGame[], wanted: (game: IgdbGame) => boolean): readonly IgdbGame[] =>
  games.some(wanted) ? games.filter(wanted) : games;

/** A game may have come to Steam a year after its first release. */
const isNear = (releaseDate: string | null, year: number): boolean =>
  releaseDate !== null && Math.abs(Number(releaseDate.slice(0, 4)) - year) <= 1;

const readingTexts: Readonly<Record<TitleReading['kind'], string>> = {
  whole: '',
  year: ' and year',
  translation: ', without its translation,',
  edition: ", without its edition's name,",
};

function describe({ kind }: TitleReading, alternative: boolean, bearers: number): string {
  const what = `the app's name${readingTexts[kind]} is ${alternative ? 'an alternative name of' : 'that of'}`;
  return bearers === 1 ? `${what} one game` : `${what} ${bearers} games, and only this one fits`;
}
