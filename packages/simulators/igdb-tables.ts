import type { Catalogue, IgdbGame } from './catalogue/catalogue.ts';
import {
  companies,
  drawDetails,
  gameModeNames,
  perspectiveNames,
  themeNames,
} from './catalogue/game-details.ts';
import { genreNames, platformNames } from './catalogue/igdb-names.ts';
import { type Entity, schemas } from './igdb-schema.ts';

export type Value = string | number | boolean | readonly number[];
export type Row = { readonly id: number; readonly [field: string]: Value | undefined };

/** IGDB's rows by entity and id. References are bare ids, as the API gives them unexpanded. */
export type Tables = Readonly<Record<Entity, ReadonlyMap<number, Row>>>;

const coverIdOffset = 100_000;

export function makeTables(catalogue: Catalogue): Tables {
  const alternativeNames = idsByGame(catalogue.alternativeNames);
  const externalGames = idsByGame(catalogue.externalGames);
  const details = detailTables(catalogue.games);
  const games = catalogue.games.map((game) => ({
    ...game,
    ...details.ofGame.get(game.id),
    cover: game.cover === undefined ? undefined : game.id + coverIdOffset,
    alternative_names: alternativeNames.get(game.id),
    external_games: externalGames.get(game.id),
    url: `https://www.igdb.com/games/${game.slug}`,
  }));
  return {
    games: byId(games),
    external_games: byId(catalogue.externalGames),
    alternative_names: byId(catalogue.alternativeNames),
    genres: byId(named(genreNames)),
    platforms: byId(named(platformNames)),
    covers: byId(catalogue.games.filter((game) => game.cover !== undefined).map(toCover)),
    themes: byId(named(themeNames)),
    game_modes: byId(named(gameModeNames)),
    player_perspectives: byId(named(perspectiveNames)),
    companies: byId(companies),
    franchises: new Map(),
    ...details.tables,
  };
}

/** Rows that games refer to, or that refer to them, as far as each game has its own; and what of them stands in the game. */
function detailTables(all: readonly IgdbGame[]) {
  const involved: Row[] = [];
  const websites: Row[] = [];
  const collections = new Map<string, number>();
  const times: Row[] = [];
  const ofGame = new Map<number, Omit<Row, 'id'>>();
  for (const game of all) {
    const { developer, publisher, collection, websites: pages, timeToBeat, ...fields } = drawDetails(game);
    const own = developer === publisher ? [developer] : [developer, publisher];
    const add = (rows: Row[], more: Omit<Row, 'id'>): number => {
      const id = 1_000 + rows.length;
      rows.push({ id, game: game.id, ...more });
      return id;
    };
    if (collection !== undefined && !collections.has(collection))
      collections.set(collection, 1 + collections.size);
    if (timeToBeat) times.push({ id: 1 + times.length, game_id: game.id, ...timeToBeat });
    ofGame.set(game.id, {
      ...fields,
      involved_companies: own.map((company) =>
        add(involved, { company, developer: company === developer, publisher: company === publisher }),
      ),
      websites: pages.map((page) => add(websites, page)),
      ...(collection !== undefined && { collections: [collections.get(collection)!] }),
    });
  }
  const named = [...collections].map(([name, id]) => ({ id, name }));
  return {
    ofGame,
    tables: {
      involved_companies: byId(involved),
      websites: byId(websites),
      collections: byId(named),
      game_time_to_beats: byId(times),
    },
  };
}

const byId = (rows: readonly Row[]): Map<number, Row> => new Map(rows.map((row) => [row.id, row]));

const named = (names: Readonly<Record<number, string>>): Row[] =>
  Object.entries(names).map(([id, name]) => ({ id: Number(id), name }));

const toCover = ({ id, cover }: IgdbGame): Row => ({
  id: id + coverIdOffset,
  game: id,
  image_id: cover,
  width: 600,
  height: 800,
  url: `//images.igdb.com/igdb/image/upload/t_thumb/${cover}.jpg`,
});

function idsByGame(rows: readonly { id: number; game?: number }[]): Map<number, number[]> {
  const ids = new Map<number, number[]>();
  for (const { id, game } of rows) {
    if (game === undefined) continue;
    const known = ids.get(game);
    if (known) known.push(id);
    else ids.set(game, [id]);
  }
  return ids;
}

/** The rows that a reference field of a row names; none where the field is no reference or the row lacks it. */
export function follow(tables: Tables, entity: Entity, row: Row, field: string): Row[] {
  const target = schemas[entity].references[field];
  if (!target) return [];
  return [row[field] ?? []]
    .flat()
    .flatMap((id) => (typeof id === 'number' ? (tables[target].get(id) ?? []) : []));
}
