/** A title that a Steam name may stand for, the most literal first. */
export type TitleReading = {
  title: string;
  /** How it was read: as it is, without a year, in one of two languages, without an edition's name. */
  kind: 'whole' | 'year' | 'translation' | 'edition';
  /** The year that the name gave: the game must have come out in it. */
  year?: number;
};

/** `Resident Evil 4 (2005)`, `STAR WARS™ Battlefront II (Classic, 2005)` */
const yearInBrackets = /\s*[([](?:classic,? ?)?((?:19|20)\d{2})[)\]]$/i;

/** Editions that are the same game with extras. Remastered, Enhanced, HD and `Deluxe` alone are games of their own. */
const sameGameEdition =
  /[\s:–—-]+(?:(?:the )?(?:digital deluxe|deluxe|complete|ultimate|gold|platinum|premium|premier|collector'?s|standard|steam|legacy|full|goty|game of the year) edition|goty|game of the year|full version)$/i;

const eastAsianLetter = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** From the first East Asian letter to the next Latin one, with the signs between. */
const eastAsianRun =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}][^\p{Script=Latin}\p{N}]*/u;

/** Every title that this Steam name may stand for, without repetition. */
export function readTitles(name: string): TitleReading[] {
  const whole = cleanTitle(name);
  const readings: TitleReading[] = [{ title: whole, kind: 'whole' }];
  const year = yearInBrackets.exec(whole);
  if (year !== null)
    readings.push({ title: whole.slice(0, year.index), kind: 'year', year: Number(year[1]) });
  const translation = readTranslation(whole);
  if (translation !== null) readings.push({ title: translation, kind: 'translation' });
  const last = readings.at(-1)!;
  readings.push({ ...last, title: last.title.replace(sameGameEdition, ''), kind: 'edition' });
  return readings.filter(
    ({ title }, index) => title !== '' && readings.findIndex((other) => other.title === title) === index,
  );
}

/** Without trade mark signs, ornaments and odd spaces; plain quotes. Case and punctuation stay. */
export const cleanTitle = (name: string): string =>
  name
    .replace(/[™℠®©]/g, '')
    .normalize('NFKC')
    .replace(/\p{Cf}|\p{Emoji_Presentation}|\uFE0F/gu, '')
    .replace(/[’‘`´]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/\s+/g, ' ')
    .trim();

/**
 * The Latin title of a name in two scripts, where the other stands wholly before or after it:
 * `鬼谷八荒 Tale of Immortal`, `Pinball Girls/球球少女`, `古剑奇谭二(GuJian2)`. Null where there is no such title.
 */
function readTranslation(title: string): string | null {
  if (!eastAsianLetter.test(title)) return null;
  // `Raiden V | 雷電 V`: beside a bar, the part in the other script is left out whole.
  const parts = title.split(' | ').filter((part, _, all) => all.length === 1 || !eastAsianLetter.test(part));
  const [latin, ...others] = parts
    .flatMap((part) => part.split(eastAsianRun))
    .map((part) => part.replace(/^[\s|/:~·,)\]-]+|[\s|/:~·,([-]+$/g, ''))
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
  if (latin === undefined || others.length > 0) return null;
  const balanced = latin.includes('(') || latin.includes('[') ? latin : latin.replace(/[)\]]+$/, '');
  const letters = balanced.match(/\p{Script=Latin}/gu) ?? [];
  return letters.length >= fewestLettersOfTranslation ? balanced : null;
}

/** Below this, Latin letters beside Chinese ones are an ornament or abbreviation (`女拳主義F-ist`). */
const fewestLettersOfTranslation = 5;
