import * as v from 'valibot';
import { isGapInText } from './cell-text.ts';
import { type Cell, cleanTextOf, nullable } from './cells.ts';
import { cleanLine } from './clean-text.ts';

/** Lists of short texts: `Action|Open world`. */

const maxEntries = 50;

/**
 * @param clean an entry as the file can hold it; null leaves it out.
 * @param maxLength of an entry.
 */
const textList = (
  clean: (entry: string) => string | null,
  maxLength: number,
): Cell<readonly string[] | null> => {
  /** Each that fits, once, in their order; null for none, as IGDB leaves out what is empty. */
  const read = (entries: readonly unknown[]): readonly string[] | null => {
    const texts = entries.flatMap((entry) => (typeof entry === 'string' ? (clean(entry) ?? []) : []));
    const list = [...new Set(texts)].slice(0, maxEntries);
    return list.length === 0 ? null : list;
  };
  return {
    fromText: v.pipe(
      nullable(cleanTextOf(maxEntries * (maxLength + 1)), isGapInText),
      v.transform((list) => (list === null ? null : read(list.split('|')))),
    ),
    fromJson: v.fallback(
      v.pipe(
        v.nullish(v.array(v.unknown())),
        v.transform((entries) => read(entries ?? [])),
      ),
      null,
    ),
    write: (list) => list?.join('|') ?? null,
  };
};

const maxNameChars = 200;
/** Names; the bar separates them in a file. */
export const nameList = textList((entry) => {
  const name = cleanLine(entry.replaceAll('|', '/'), maxNameChars);
  return name === null || isGapInText(name) ? null : name;
}, maxNameChars);

const maxAddressChars = 500;
const address = new RegExp(`^https?://[\\x21-\\x7e]{1,${maxAddressChars - 8}}$`);
/** Addresses of pages. */
export const addressList = textList((entry) => {
  const text = entry.trim().replaceAll('|', '%7C');
  return address.test(text) ? text : null;
}, maxAddressChars);
