import type { Catalogue } from '@savepoint/simulators/start-simulators.ts';

/** Small catalogues of IGDB, written row by row. */

export type Rows = Pick<Catalogue, 'games' | 'externalGames' | 'alternativeNames'>;
const steam = 1;
export const gog = 5;

export const game = (
  id: number,
  name = `Game ${id}`,
  more: Partial<Rows['games'][number]> = {},
): Rows['games'][number] => ({
  id,
  name,
  slug: `game-${id}`,
  summary: `About ${name}.`,
  game_type: 0,
  genres: [5, 31],
  platforms: [6, 14],
  updated_at: 1_700_000_000,
  ...more,
});
export const uidRow = (
  id: number,
  uid: number,
  gameId: number | undefined,
  source = steam,
): Rows['externalGames'][number] => ({
  id,
  uid: String(uid),
  external_game_source: source,
  name: `Row ${id}`,
  url: `https://store.steampowered.com/app/${uid}/A_Slug/`,
  ...(gameId !== undefined && { game: gameId }),
});
/** The simulators' option. */
export const withRows = (rows: Partial<Rows>) => ({
  catalogue: { apps: [], games: [], externalGames: [], alternativeNames: [], ...rows },
});
/** 1 to `count`. */
export const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
