import { normaliseTitle, withRomanNumerals } from './normalise-title.ts';
import { cleanTitle, readTitles } from './title-readings.ts';

/**
 * How IGDB may write this Steam name in an address: small Latin letters and digits, joined by hyphens. Games that differ
 * by capitals or punctuation alone have one slug, so asking for it spares a search.
 */

/** IGDB tells games of one name apart by these; all must be seen, or one would be taken for the only one. */
const namesakeSuffixes = ['', '--1', '--2'];
const spellingsPerApp = 3;

/** The likeliest first; none for a name without Latin letters. */
export function slugsOf(name: string): string[] {
  const spellings = readTitles(name).flatMap(({ title }) => [
    slugOf(title.replace(/ ?& ?/g, ' and ')),
    slugOf(title.replace(/['’]/g, '')),
    slugOf(title),
    slugOf(normaliseTitle(title)),
    slugOf(withRomanNumerals(title)),
  ]);
  return [...new Set(spellings)]
    .filter((slug) => slug !== '')
    .slice(0, spellingsPerApp)
    .flatMap((slug) => namesakeSuffixes.map((suffix) => slug + suffix));
}

const slugOf = (title: string): string =>
  withoutAccents(title)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const withoutAccents = (title: string): string => title.normalize('NFD').replace(/[\u0300-\u036f]/g, '');

/** Whether a slug says all of the name, so that a search could only find the same games again. */
export const isToldBySlug = (name: string): boolean =>
  /^[\x20-\x7e]*$/.test(withoutAccents(cleanTitle(name)));
