/** What the simulated Steam and IGDB know, as the rows that their APIs answer with. */

/** An app in the Steam store. */
export type SteamApp = {
  appid: number;
  name: string;
  /** Steam's own app type: 0 game, 1 demo, 6 software, 7 video, 11 music, 12 beta, 13 tool. */
  type: number;
  /** Free to play: listed among the owned games only once it was played. */
  free: boolean;
  /** Has limited profile features: listed only with `skip_unvetted_apps=0`. */
  unvetted: boolean;
  /** `gone` answers without success, `nameless` answers success without a name or type. */
  store: 'listed' | 'gone' | 'nameless';
};

/** A row of IGDB's `games`; genres and platforms are IGDB's ids, `cover` is the image id. */
export type IgdbGame = {
  id: number;
  name: string;
  slug: string;
  summary: string;
  game_type: number;
  genres: number[];
  platforms: number[];
  updated_at: number;
  first_release_date?: number;
  cover?: string;
  parent_game?: number;
  version_parent?: number;
};

/** A row of IGDB's `external_games`: source 1 is Steam, `uid` the appid as text. */
export type ExternalGame = {
  id: number;
  uid: string;
  external_game_source: number;
  game?: number;
  name: string;
  url: string;
  year?: number;
};

export type AlternativeName = { id: number; name: string; game: number };

export type Catalogue = {
  apps: SteamApp[];
  games: IgdbGame[];
  externalGames: ExternalGame[];
  alternativeNames: AlternativeName[];
};

/** An IGDB game as a catalogue is written down; `released` is `YYYY-MM-DD`. */
export type GameFacts = {
  id: number;
  name: string;
  slug: string;
  genres: number[];
  platforms: number[];
  released?: string;
  cover?: string;
  gameType?: number;
  parentGame?: number;
  versionParent?: number;
};

/** A Steam app, the IGDB game it belongs to, and how IGDB can be asked for it. */
export type CatalogueEntry = {
  appid: number;
  name: string;
  type?: number;
  free?: boolean;
  unvetted?: boolean;
  store?: SteamApp['store'];
  igdb?: GameFacts;
  /** Default `uid`. `gameless` has a row for the uid that names no game. */
  link?: 'uid' | 'name' | 'alternativeName' | 'gameless';
  /** More games with a row for the same uid: editions, DLC, predecessors. */
  alsoLinked?: GameFacts[];
};
