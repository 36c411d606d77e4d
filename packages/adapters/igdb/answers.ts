import * as v from 'valibot';

/**
 * Whether rows can be meant as IGDB's answer. Rows of another shape, or of what nobody asked for, come from something
 * that is out of order: taken for an answer, they would say that IGDB knows no game. A single empty row or an odd field
 * is left out later on, never the whole answer.
 */

/** A list is no object. */
const isObject = v.check((value: unknown) => !Array.isArray(value));
/** Also beyond what the database holds: such a game cannot be used, but it may be meant. */
const id = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const Game = v.pipe(v.unknown(), isObject, v.object({ id }));
const Games = v.array(v.nullable(Game));
/** A game, its bare id, or nothing. */
const reference = v.nullish(v.union([id, Game]));
const ExternalGame = v.pipe(
  v.unknown(),
  isObject,
  v.object({ uid: v.nullish(v.union([v.string(), v.number()])), game: reference }),
);
const ExternalGames = v.array(v.nullable(ExternalGame));
const AlternativeName = v.pipe(
  v.unknown(),
  isObject,
  v.object({ name: v.nullish(v.string()), game: reference }),
);
const AlternativeNames = v.array(v.nullable(AlternativeName));

/** Values that rows tell, all of them asked for; and some, unless there are no rows. */
const areOf = (told: readonly unknown[], rows: readonly unknown[], asked: ReadonlySet<unknown>): boolean =>
  told.every((value) => asked.has(value)) && (told.length > 0 || rows.length === 0);

export function areGames(rows: readonly unknown[]): boolean {
  const games = v.safeParse(Games, rows);
  return games.success && (rows.length === 0 || games.output.some((game) => game !== null));
}

export const areGamesOf =
  (ids: readonly number[]) =>
  (rows: readonly unknown[]): boolean => {
    const games = v.safeParse(Games, rows);
    return (
      games.success &&
      areOf(
        games.output.flatMap((game) => game?.id ?? []),
        rows,
        new Set(ids),
      )
    );
  };

export const areExternalGamesOf =
  (uids: readonly string[]) =>
  (rows: readonly unknown[]): boolean => {
    const parsed = v.safeParse(ExternalGames, rows);
    if (!parsed.success) return false;
    const told = parsed.output.flatMap((row) => (row?.uid == null ? [] : String(row.uid)));
    return areOf(told, rows, new Set(uids));
  };

export function areAlternativeNames(rows: readonly unknown[]): boolean {
  const parsed = v.safeParse(AlternativeNames, rows);
  return parsed.success && (rows.length === 0 || parsed.output.some((row) => row?.name != null));
}
