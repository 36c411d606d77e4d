import * as v from 'valibot';
import { type Cell, cleanTextOf, idJson, nullable } from './cells.ts';
import { cleanLine } from './clean-text.ts';

/** A genre or platform; `id` is IGDB's, null where a dropped file gives names alone. */
export type Named = { id: number | null; name: string };

const maxNameChars = 200;
const maxEntries = 100;
/** Room for as many of the longest entries, each behind its id. */
const maxListChars = maxEntries * (maxNameChars + 12);

/** `5:Shooter|31:Adventure`, or names alone separated by commas; a name with an id may hold commas. */
function readNamedList(list: string): Named[] {
  const entries = list.split('|').flatMap((part): Named[] => {
    const [, id, name = ''] = /^\s*(\d{1,10}):(.*\S)/s.exec(part) ?? [];
    if (id !== undefined && v.is(idJson, Number(id))) return [{ id: Number(id), name: name.trim() }];
    return part.split(',').map((name) => ({ id: null, name: name.trim() }));
  });
  const byText = new Map(entries.map((entry) => [`${entry.id}:${entry.name}`, entry]));
  return [...byText.values()].filter(({ name }) => name !== '');
}

const NamedJson = v.object({
  id: idJson,
  // The bar separates entries in a file.
  name: v.pipe(
    v.string(),
    v.transform((text) => cleanLine(text.replaceAll('|', '/'), maxNameChars)),
    v.string(),
  ),
});

/** Each entry that fits, once; a bare id where an object was asked for fits nothing, for it has no name. */
function readEntries(entries: readonly unknown[]): Named[] {
  const named = entries.flatMap((entry) => {
    const parsed = v.safeParse(NamedJson, entry);
    return parsed.success ? [parsed.output] : [];
  });
  return [...new Map(named.map((entry) => [entry.id ?? entry.name, entry])).values()].slice(0, maxEntries);
}

/** A list of genres or platforms; an empty cell is not told, as IGDB leaves out what is empty. */
export const namedList: Cell<readonly Named[] | null> = {
  fromText: v.pipe(
    nullable(cleanTextOf(maxListChars)),
    v.transform((list) => (list === null ? null : readNamedList(list))),
  ),
  fromJson: v.fallback(
    v.pipe(
      v.nullish(v.array(v.unknown())),
      v.transform((entries) => readEntries(entries ?? [])),
      v.transform((list): readonly Named[] | null => (list.length === 0 ? null : list)),
    ),
    null,
  ),
  write: (list) =>
    list === null ? null : list.map(({ id, name }) => (id === null ? name : `${id}:${name}`)).join('|'),
};
