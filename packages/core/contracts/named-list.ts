import * as v from 'valibot';
import { nullable, text } from './fields.ts';

/** A genre or platform; `id` is IGDB's, null where a dropped file gives names alone. */
export type Named = { id: number | null; name: string };

/** `5:Shooter|31:Adventure` */
export const writeNamedList = (list: readonly Named[]): string =>
  list.map(({ id, name }) => (id === null ? name : `${id}:${name.replaceAll('|', '/')}`)).join('|');

/** `5:Shooter|31:Adventure`, or names alone separated by commas; a name with an id may hold commas. */
function readNamedList(list: string): Named[] {
  const entries = list.split('|').flatMap((part): Named[] => {
    const [, id, name = ''] = /^\s*(\d{1,9}):(.*\S)/s.exec(part) ?? [];
    if (id !== undefined) return [{ id: Number(id), name: name.trim() }];
    return part.split(',').map((name) => ({ id: null, name: name.trim() }));
  });
  const byText = new Map(entries.map((entry) => [`${entry.id}:${entry.name}`, entry]));
  return [...byText.values()].filter(({ name }) => name !== '');
}

/** A CSV field that holds such a list; an empty one is an empty list. */
export const namedList = v.pipe(
  nullable(text(4000)),
  v.transform((list) => (list === null ? [] : readNamedList(list))),
);
