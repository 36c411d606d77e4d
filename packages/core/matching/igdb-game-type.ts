/** What IGDB's `game_type` says about an entry's standing: 0 main_game … 14 update. */

/** main_game, standalone_expansion, remake, remaster, expanded_game. */
const mainTypes: ReadonlySet<number> = new Set([0, 4, 8, 9, 10]);
/** dlc_addon, pack, update. */
const addOnTypes: ReadonlySet<number> = new Set([1, 13, 14]);
const bundle = 3;

/** A game that stands by itself. */
export const isMainType = (gameType: number | null): boolean => gameType !== null && mainTypes.has(gameType);

/** What is added to a game, and not a game by itself. */
export const isAddOnType = (gameType: number | null): boolean =>
  gameType !== null && addOnTypes.has(gameType);

/** The likelier meant by an app's name, the lower: games, then ports, mods and unknown, then add-ons and bundles. */
export function gameTypeRank(gameType: number | null): 0 | 1 | 2 {
  if (isMainType(gameType)) return 0;
  return isAddOnType(gameType) || gameType === bundle ? 2 : 1;
}
