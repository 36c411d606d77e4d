import type { EnrichedGame } from '../contracts/enriched-library.ts';

/** A game as IGDB knows it, already parsed. */
export type IgdbGame = EnrichedGame & {
  name: string;
  /** Filled where games are compared by name. */
  alternativeNames?: readonly string[];
};

export type TimesToBeat = Pick<
  EnrichedGame,
  'timeToBeatHastilySeconds' | 'timeToBeatNormallySeconds' | 'timeToBeatCompletelySeconds'
>;

/**
 * What the look-up needs from IGDB. Each call is one question (the adapter pages while a page is full); questions that
 * are asked at the same time may share a request.
 */
export type IgdbCatalogue = {
  /** Candidates per Steam app id, every external_games row kept. At most `uidsPerRequest` ids a call. */
  findGamesBySteamAppId(appIds: readonly number[]): Promise<ReadonlyMap<number, readonly IgdbGame[]>>;
  /** Games by their own ids, for pinned matches. At most `idsPerRequest` a call; unknown ids are left out. */
  findGamesById(igdbIds: readonly number[]): Promise<readonly IgdbGame[]>;
  /**
   * Games whose name, or an alternative name, equals one of the names (at most `namesPerRequest`), or whose slug one of
   * the slugs: a question each, and one for each `slugsPerQuestion`.
   */
  findGamesByName(names: readonly string[], slugs: readonly string[]): Promise<readonly IgdbGame[]>;
  /** Games of which an alternative name is one of these but for capital letters. At most `otherCasesPerRequest` a call. */
  findGamesByOtherCase(names: readonly string[]): Promise<readonly IgdbGame[]>;
  /** Games whose own name equals one of these. At most `namesakesPerRequest` a call. */
  findNamesakes(names: readonly string[]): Promise<readonly IgdbGame[]>;
  /** How long these games take, as far as IGDB tells; never rejects. A question for each `idsPerRequest`. */
  findTimesToBeat(igdbIds: readonly number[]): Promise<ReadonlyMap<number, TimesToBeat>>;
  /** Free-text search, one question a title; results in the order of the titles. */
  searchGames(titles: readonly string[]): Promise<readonly (readonly IgdbGame[])[]>;
};

/** Below IGDB's page limit of 500, so that several rows for one uid do not fill the page. */
export const uidsPerRequest = 400;
export const idsPerRequest = 500;
/** Several games share a name, so that far fewer names than the page limit fill a page. */
export const namesPerRequest = 200;
/** Names of which most belong to no game at all. */
export const namesakesPerRequest = 400;
/** Few belong to a game, and each to one. */
export const slugsPerQuestion = 500;
/** Each is a comparison of its own. */
export const otherCasesPerRequest = 40;
