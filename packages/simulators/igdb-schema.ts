/** IGDB's entities as far as an import needs them: fields, references, what is deprecated. */

export type Entity =
  | 'games'
  | 'external_games'
  | 'alternative_names'
  | 'genres'
  | 'platforms'
  | 'covers'
  | 'themes'
  | 'game_modes'
  | 'player_perspectives'
  | 'involved_companies'
  | 'companies'
  | 'collections'
  | 'franchises'
  | 'websites'
  | 'game_time_to_beats';

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

type Schema = {
  /** Every field that may be named, held here or not. */
  fields: readonly string[];
  /** Fields that refer to rows of another entity. */
  references: Readonly<Record<string, Entity>>;
  /** May be named; holds nothing, and a filter on it matches nothing. */
  deprecated: readonly string[];
  isSearchable?: true;
};

/** Rows that have a name and little more. */
function named(more = ''): Schema {
  return {
    fields: list(`id checksum created_at name slug updated_at url ${more}`),
    references: {},
    deprecated: [],
  };
}

export const schemas: Readonly<Record<Entity, Schema>> = {
  games: {
    fields: list(`
      id age_ratings aggregated_rating aggregated_rating_count alternative_names artworks bundles checksum
      collections cover created_at dlcs expanded_games expansions external_games first_release_date forks franchise
      franchises game_engines game_localizations game_modes game_status game_type genres hypes involved_companies
      keywords language_supports multiplayer_modes name parent_game platforms player_perspectives ports rating
      rating_count release_dates remakes remasters screenshots similar_games slug standalone_expansions storyline
      summary tags themes total_rating total_rating_count updated_at url version_parent version_title videos websites
    `),
    references: {
      alternative_names: 'alternative_names',
      collections: 'collections',
      cover: 'covers',
      external_games: 'external_games',
      franchises: 'franchises',
      game_modes: 'game_modes',
      genres: 'genres',
      involved_companies: 'involved_companies',
      parent_game: 'games',
      platforms: 'platforms',
      player_perspectives: 'player_perspectives',
      themes: 'themes',
      version_parent: 'games',
      websites: 'websites',
    },
    deprecated: ['category', 'collection', 'follows', 'status'],
    isSearchable: true,
  },
  external_games: {
    fields: list(`
      id checksum countries created_at external_game_source game game_release_format name platform uid updated_at
      url year
    `),
    references: { game: 'games' },
    deprecated: ['category', 'media'],
  },
  alternative_names: {
    fields: list('id checksum comment game name'),
    references: { game: 'games' },
    deprecated: [],
  },
  genres: {
    fields: list('id checksum created_at name slug updated_at url'),
    references: {},
    deprecated: [],
  },
  platforms: {
    fields: list(
      'id abbreviation alternative_name checksum created_at generation name slug summary updated_at url',
    ),
    references: {},
    deprecated: ['category'],
  },
  covers: {
    fields: list('id alpha_channel animated checksum game height image_id url width'),
    references: { game: 'games' },
    deprecated: [],
  },
  themes: named(),
  game_modes: named(),
  player_perspectives: named(),
  companies: named('country description developed logo parent published start_date websites'),
  collections: named('games type'),
  franchises: named('games'),
  involved_companies: {
    fields: list('id checksum company created_at developer game porting publisher supporting updated_at'),
    references: { company: 'companies', game: 'games' },
    deprecated: [],
  },
  websites: {
    fields: list('id checksum game trusted type url'),
    references: { game: 'games' },
    deprecated: ['category'],
  },
  game_time_to_beats: {
    fields: list('id checksum completely count created_at game_id hastily normally updated_at'),
    references: {},
    deprecated: [],
  },
};

export const isEntity = (name: string): name is Entity => Object.hasOwn(schemas, name);

/** IGDB wants quotes around what it compares with these. */
export const textFields: readonly string[] = ['name', 'slug', 'summary', 'uid', 'url', 'image_id'];
