import type { Catalogue, ExternalGame } from './catalogue/catalogue.ts';
import { makeTables, type Tables } from './igdb-tables.ts';
import type { SteamAccount } from './steam-accounts.ts';
import type { Trouble, TroubleName } from './trouble.ts';
import type { Tokens } from './twitch-token.ts';

/** Changes what the simulators answer from now on. */
export type Control = {
  /** Every IGDB token issued so far is refused with 401. */
  revokeTokens(): void;
  /** IGDB no longer has rows for these Steam appids. */
  hideUids(appids: readonly number[]): void;
  /** IGDB corrects a mapping: the appid's rows now name exactly these games. */
  mapUid(appid: number, gameIds: readonly number[]): void;
  /** Changes an account: its apps, its visibility. @throws Error for an unknown account */
  updateAccount(steamId: string, changes: Partial<SteamAccount>): void;
  /** Something goes wrong until it is ended by null. */
  beginTrouble(name: TroubleName | null): void;
};

const steamSource = 1;
const firstMappedId = 9_000_000;

/** IGDB's tables, built at the first question and again after a change. */
export function createIgdbData(catalogue: Catalogue): {
  tables(): Tables;
  replaceUid(appid: number, gameIds: readonly number[]): void;
} {
  let { externalGames } = catalogue;
  let built: Tables | undefined;
  let nextId = firstMappedId;
  return {
    tables() {
      built ??= makeTables({ ...catalogue, externalGames });
      return built;
    },
    replaceUid(appid, gameIds) {
      const uid = String(appid);
      const rows = gameIds.map((game): ExternalGame => {
        nextId += 1;
        const name = catalogue.games.find(({ id }) => id === game)?.name ?? uid;
        const url = `https://store.steampowered.com/app/${uid}`;
        return { id: nextId, uid, external_game_source: steamSource, game, name, url };
      });
      externalGames = [...externalGames.filter((row) => row.uid !== uid), ...rows];
      built = undefined;
    },
  };
}

export function createControl(
  tokens: Tokens,
  igdb: { replaceUid(appid: number, gameIds: readonly number[]): void },
  accounts: Map<string, SteamAccount>,
  trouble: Pick<Trouble, 'begin'>,
): Control {
  return {
    revokeTokens: () => tokens.revokeAll(),
    hideUids: (appids) => {
      for (const appid of appids) igdb.replaceUid(appid, []);
    },
    beginTrouble: (name) => trouble.begin(name),
    mapUid: (appid, gameIds) => igdb.replaceUid(appid, gameIds),
    updateAccount(steamId, changes) {
      const account = accounts.get(steamId);
      if (!account) throw new Error(`The simulated Steam has no account ${steamId}.`);
      accounts.set(steamId, { ...account, ...changes });
    },
  };
}
