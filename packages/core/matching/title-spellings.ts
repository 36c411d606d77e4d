import { readTitles } from './title-readings.ts';

/** IGDB compares whole names letter by letter, so each spelling is asked for; four find nearly all. */
const spellingsPerApp = 4;

/** How IGDB may spell this Steam name, the likeliest first; at most `spellingsPerApp`, without repetition. */
export function spellTitle(name: string): string[] {
  const titles = readTitles(name).map(({ title }) => title);
  const spellings = titles.flatMap(spellingsOf);
  const whole = titles[0] ?? '';
  return [...new Set([...spellings, withOtherAnd(whole)])]
    .filter((title) => title !== '')
    .slice(0, spellingsPerApp);
}

/** How IGDB may spell the whole of this Steam name, and no other reading of it; at most three. */
export const spellWholeTitle = (name: string): string[] => [
  ...new Set(
    readTitles(name)
      .slice(0, 1)
      .flatMap(({ title }) => spellingsOf(title)),
  ),
];

function spellingsOf(title: string): string[] {
  const igdb = withSubtitle(title);
  return [title, igdb, inTitleCase(igdb)];
}

/** The words to search for: the shortest reading, as it finds the longer ones too. */
export const searchTitle = (name: string): string => withSubtitle(readTitles(name).at(-1)?.title ?? name);

/** IGDB's way: `Quern - Undying Thoughts` is `Quern: Undying Thoughts`. */
const withSubtitle = (title: string): string => title.replace(/ [-–—] | : /, ': ').replace(/~\s*$/, '');

const withOtherAnd = (title: string): string =>
  title.includes('&') ? title.replace(/ ?& ?/g, ' and ') : title.replace(/ and /gi, ' & ');

const lowerCaseWords = new Set('a an and as at but by for from in into nor of on or the to with'.split(' '));

/** `DON'T SCREAM` as `Don't Scream`, `Reign Of Kings` as `Reign of Kings`; numerals and words with digits stay. */
function inTitleCase(title: string): string {
  const words = title.split(' ');
  const shouted = title === title.toUpperCase();
  return words
    .map((word, index) => {
      const lower = word.toLowerCase();
      const isInner = index > 0 && !words[index - 1]!.endsWith(':') && index < words.length - 1;
      if (isInner && lowerCaseWords.has(lower)) return lower;
      if (/\d/.test(word) || /^[IVX]+$/.test(word)) return word;
      return shouted || /^\p{Lu}{4,}\P{L}*$/u.test(word) ? capitalise(lower) : word;
    })
    .join(' ');
}

const capitalise = (word: string): string => word.replace(/\p{L}/u, (letter) => letter.toUpperCase());
