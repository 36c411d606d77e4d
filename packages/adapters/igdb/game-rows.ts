import { maxInteger } from '@savepoint/core/contracts/fields.ts';
import type { IgdbGame } from '@savepoint/core/matching/igdb-game.ts';
import * as v from 'valibot';
import { cleanLine, cleanText } from '../http/clean-text.ts';

/** IGDB's rows, parsed. What the library files could not hold is left out, never the game. */

const id = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(maxInteger));
const line = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => cleanLine(text, maxLength)),
    v.string(),
  );
const orNull = <Output>(schema: v.GenericSchema<unknown, Output>) =>
  v.fallback(v.nullish(schema, null), null);
const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxInteger));

/** Each entry that fits; a bare id where an object was asked for fits nothing, for it has no name. */
const listOf = <Output>(schema: v.GenericSchema<unknown, Output>) =>
  v.fallback(
    v.pipe(
      v.optional(v.array(v.unknown()), []),
      v.transform((entries) =>
        entries.flatMap((entry) => {
          const parsed = v.safeParse(schema, entry);
          return parsed.success ? [parsed.output] : [];
        }),
      ),
    ),
    [],
  );
const Named = v.object({ id, name: line(200) });
/** A reference: a bare id, or the object when something of it was asked for. */
const reference = v.union([
  id,
  v.pipe(
    v.object({ id }),
    v.transform((object) => object.id),
  ),
]);

const GameRow = v.object({
  id,
  name: line(1000),
  slug: orNull(line(500)),
  summary: orNull(
    v.pipe(
      v.string(),
      v.transform((text) => cleanText(text, 20_000)),
    ),
  ),
  first_release_date: orNull(v.pipe(v.number(), v.integer())),
  cover: orNull(v.object({ image_id: v.pipe(v.string(), v.regex(/^\w{1,100}$/)) })),
  genres: listOf(Named),
  platforms: listOf(Named),
  game_type: orNull(wholeNumber),
  parent_game: orNull(reference),
  version_parent: orNull(reference),
  updated_at: orNull(wholeNumber),
  alternative_names: listOf(v.object({ name: line(1000) })),
});

const gameFields = [
  'name',
  'slug',
  'summary',
  'first_release_date',
  'game_type',
  'parent_game',
  'version_parent',
  'cover.image_id',
  'genres.id',
  'genres.name',
  'platforms.id',
  'platforms.name',
  'updated_at',
];
/** The fields of `games`; those of a game that another row refers to begin with `game.`. */
export const fieldsOfGame = (prefix: '' | 'game.', options: { alternativeNames: boolean }): string =>
  [...gameFields, ...(options.alternativeNames ? ['alternative_names.name'] : [])]
    .map((field) => prefix + field)
    .join(',');

/** Undefined for a row without a usable id and name. */
export function readGame(row: unknown): IgdbGame | undefined {
  const parsed = v.safeParse(GameRow, row);
  if (!parsed.success) return undefined;
  const game = parsed.output;
  return {
    igdbId: game.id,
    slug: game.slug ?? String(game.id),
    name: game.name,
    summary: game.summary,
    releaseDate: toDay(game.first_release_date),
    coverImageId: game.cover?.image_id ?? null,
    genres: game.genres,
    platforms: game.platforms,
    gameType: game.game_type,
    parentGameId: game.parent_game,
    versionParentId: game.version_parent,
    updatedAt: game.updated_at,
    ...(game.alternative_names.length > 0 && {
      alternativeNames: game.alternative_names.map(({ name }) => name),
    }),
  };
}

/** @param unixSeconds may be negative; null outside the years that four digits can write */
function toDay(unixSeconds: number | null): string | null {
  const date = new Date((unixSeconds ?? Number.NaN) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const day = date.toISOString().slice(0, 10);
  return /^\d{4}-/.test(day) ? day : null;
}

/** A row that points to a game: the game, its bare id, or nothing. */
export type GameReference = { text: string; game: IgdbGame | number };

const Pointer = v.object({
  uid: v.nullish(v.union([v.string(), v.number()])),
  name: v.nullish(v.string()),
  game: v.unknown(),
});

/** Rows of `external_games` (their `uid`) or `alternative_names` (their `name`), as far as they name a game. */
export function readGameReferences(rows: readonly unknown[], textField: 'uid' | 'name'): GameReference[] {
  return rows.flatMap((row): GameReference[] => {
    const pointer = v.safeParse(Pointer, row);
    if (!pointer.success) return [];
    const text = String(pointer.output[textField] ?? '');
    const game = readGame(pointer.output.game);
    if (game) return [{ text, game }];
    const bare = v.safeParse(reference, pointer.output.game);
    return bare.success ? [{ text, game: bare.output }] : [];
  });
}
