import { idJson, line } from '@savepoint/core/contracts/cells.ts';
import { partFromJson } from '@savepoint/core/contracts/columns.ts';
import { type EnrichedGame, enrichedColumns } from '@savepoint/core/contracts/enriched-library.ts';
import type { IgdbGame } from '@savepoint/core/matching/igdb-game.ts';
import * as v from 'valibot';

/** IGDB's rows, parsed. What the library files could not hold is left out, never the game. */

const Row = v.record(v.string(), v.unknown());
type Row = v.InferOutput<typeof Row>;

/** The fields that IGDB is asked for, and how their values are found in its row where that is not the field's own. */
type Source = { fields: readonly string[]; valueIn?: (row: Row) => unknown };

const sources: Record<keyof EnrichedGame, Source> = {
  igdbId: { fields: ['id'] },
  name: { fields: ['name'] },
  slug: { fields: ['slug'] },
  summary: { fields: ['summary'] },
  releaseDate: { fields: ['first_release_date'], valueIn: (row) => toDay(row.first_release_date) },
  coverImageId: { fields: ['cover.image_id'], valueIn: ({ cover }) => propertyOf(cover, 'image_id') },
  genres: { fields: ['genres.id', 'genres.name'], valueIn: ({ genres }) => genres },
  platforms: { fields: ['platforms.id', 'platforms.name'], valueIn: ({ platforms }) => platforms },
  gameType: { fields: ['game_type'] },
  parentGameId: { fields: ['parent_game'], valueIn: (row) => referenceOf(row.parent_game) },
  versionParentId: { fields: ['version_parent'], valueIn: (row) => referenceOf(row.version_parent) },
  updatedAt: { fields: ['updated_at'] },
  rating: { fields: ['total_rating'] },
  ratingCount: { fields: ['total_rating_count'] },
  criticRating: { fields: ['aggregated_rating'] },
  themes: { fields: ['themes.name'], valueIn: ({ themes }) => namesIn(themes) },
  gameModes: { fields: ['game_modes.name'], valueIn: (row) => namesIn(row.game_modes) },
  playerPerspectives: {
    fields: ['player_perspectives.name'],
    valueIn: (row) => namesIn(row.player_perspectives),
  },
  developers: companies('developer'),
  publishers: companies('publisher'),
  series: {
    fields: ['collections.name', 'franchises.name'],
    valueIn: ({ collections, franchises }) => [...namesIn(collections), ...namesIn(franchises)],
  },
  websites: {
    fields: ['websites.url'],
    valueIn: ({ websites }) => listOf(websites).map((website) => propertyOf(website, 'url')),
  },
  // Rows of their own, see times-to-beat.ts.
  timeToBeatHastilySeconds: { fields: [], valueIn: () => undefined },
  timeToBeatNormallySeconds: { fields: [], valueIn: () => undefined },
  timeToBeatCompletelySeconds: { fields: [], valueIn: () => undefined },
};

function companies(role: 'developer' | 'publisher'): Source {
  return {
    fields: ['involved_companies.company.name', `involved_companies.${role}`],
    valueIn: (row) =>
      namesIn(
        listOf(row.involved_companies)
          .filter((involved) => propertyOf(involved, role) === true)
          .map((involved) => propertyOf(involved, 'company')),
      ),
  };
}

/** What the match depends on: without one of these, a wrong one might be made. */
const matchedBy = [
  'igdbId',
  'name',
  'slug',
  'releaseDate',
  'platforms',
  'gameType',
  'versionParentId',
] as const;
export type OptionalField = Exclude<keyof EnrichedGame, (typeof matchedBy)[number]>;
export const optionalFields = (Object.keys(sources) as (keyof EnrichedGame)[]).filter(
  (name): name is OptionalField =>
    sources[name].fields.length > 0 && !(matchedBy as readonly string[]).includes(name),
);

export type GamePrefix = '' | 'game.';
/** The fields of `games`; those of a game that another row refers to begin with `game.`. */
export const fieldsOfGame = (prefix: GamePrefix, optional: readonly OptionalField[]): string =>
  [
    ...new Set([
      ...[...matchedBy, ...optional].flatMap((name) => sources[name].fields),
      'alternative_names.name',
    ]),
  ]
    .map((field) => prefix + field)
    .join(',');

/** Undefined for a row without a usable id and name. */
export function readGame(json: unknown): IgdbGame | undefined {
  const parsed = v.safeParse(Row, json);
  if (!parsed.success) return undefined;
  const row = parsed.output;
  const game = partFromJson(enrichedColumns, 'game', ({ property }) => {
    const { fields, valueIn } = sources[property as keyof EnrichedGame];
    return valueIn ? valueIn(row) : row[fields[0]!];
  });
  if (!game?.igdbId || !game.name) return undefined;
  const alternativeNames = readNames(row.alternative_names);
  return {
    ...game,
    igdbId: game.igdbId,
    name: game.name,
    slug: game.slug ?? String(game.igdbId),
    ...(alternativeNames.length > 0 && { alternativeNames }),
  };
}

const propertyOf = (value: unknown, name: string): unknown => {
  const object = v.safeParse(Row, value);
  return object.success ? object.output[name] : undefined;
};

/** A reference: a bare id, or the object when something of it was asked for. */
function referenceOf(value: unknown): number | undefined {
  const found = v.safeParse(idJson, typeof value === 'object' ? propertyOf(value, 'id') : value);
  return found.success ? found.output : undefined;
}

const name = line(1000).fromJson;
const List = v.fallback(v.array(v.unknown()), []);
const listOf = (value: unknown): unknown[] => v.parse(List, value);
const namesIn = (value: unknown): unknown[] => listOf(value).map((entry) => propertyOf(entry, 'name'));
const readNames = (value: unknown): string[] => namesIn(value).flatMap((entry) => v.parse(name, entry) ?? []);

/** @param unixSeconds may be negative. */
function toDay(unixSeconds: unknown): string | undefined {
  const date = new Date(Number.isInteger(unixSeconds) ? (unixSeconds as number) * 1000 : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
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
    const bare = referenceOf(pointer.output.game);
    return bare === undefined ? [] : [{ text, game: bare }];
  });
}
