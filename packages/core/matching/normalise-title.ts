/**
 * Titles that people would call the same become equal: without trade mark signs, brackets, punctuation, case and
 * accents; `Witcher, The` as `the witcher`; `&` as `and`; Roman numerals as Arabic ones. What tells two games
 * apart stays: every word and number, `+` (Pac-Man Museum+), and `x` (Mega Man X is not Mega Man 10).
 */
export function normaliseTitle(title: string): string {
  const words = title
    .replace(/[™℠®©]/g, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/^(.*), (the|an|a)$/u, '$2 $1')
    .normalize('NFD')
    .replace(/[\u0300-\u036f'’‘`´]/g, '')
    .normalize('NFC')
    .replace(/[æøœßłđ]/g, (letter) => plainLetters[letter]!)
    .replace(/&/g, ' and ')
    .replace(/\+/g, ' plus ')
    .match(/[\p{L}\p{N}\p{M}]+/gu);
  if (words === null) return title.trim().toLowerCase();
  return words.map((word, index) => toArabic(word, index, words.length)).join(' ');
}

/** Up to this length, `Lab Rat` and `Labrat` are two games as likely as one. */
const longestSpacedKey = 12;

/**
 * The form in which titles are compared: in long ones spaces fall too, because `Mius-Front`, `Yao-Guai` and
 * `HoneySelect2` are spelt both ways. Between two digits one stays, so that `F1 24` is not `F 124`.
 */
export function titleKey(title: string): string {
  const words = normaliseTitle(title);
  const joined = words.replace(/(?<!\d) | (?!\d)/g, '');
  return joined.length > longestSpacedKey ? joined : words;
}

const plainLetters: Readonly<Record<string, string>> = {
  æ: 'ae',
  ø: 'o',
  œ: 'oe',
  ß: 'ss',
  ł: 'l',
  đ: 'd',
};

const romanNumerals = new Map(
  'i ii iii iv v vi vii viii ix . xi xii xiii xiv xv xvi xvii xviii xix xx'
    .split(' ')
    .map((numeral, index) => [numeral, String(index + 1)] as const)
    .filter(([numeral]) => numeral !== '.'),
);

const numeralOf = new Map([...romanNumerals].map(([numeral, arabic]) => [arabic, numeral]));

/** `Blood Bowl 3` as `Blood Bowl iii`: IGDB may write either. */
export const withRomanNumerals = (title: string): string =>
  title.replace(/(?<=\s)\d{1,2}(?=\s|:|$)/g, (arabic) => numeralOf.get(arabic) ?? arabic);

/** A first word is a title (`V Rising`), and `i` within one is a pronoun; at the end it is a number. */
function toArabic(word: string, index: number, count: number): string {
  if (index === 0 || (word === 'i' && index < count - 1)) return word;
  return romanNumerals.get(word) ?? word;
}
