import type { SteamApp } from './catalogue/catalogue.ts';
import { chance } from './catalogue/chance.ts';
import { sampleCatalogue } from './catalogue/sample-catalogue.ts';

/** An app in somebody's library; playtimes in minutes, `rtimeLastPlayed` in Unix seconds. */
export type OwnedApp = {
  appid: number;
  playtimeForever: number;
  playtimeTwoWeeks: number;
  playtimeWindows: number;
  playtimeMac: number;
  playtimeLinux: number;
  playtimeDeck: number;
  playtimeDisconnected: number;
  rtimeLastPlayed: number;
  /** Steam leaves the name and icon out even when asked for them. */
  nameless?: boolean;
};

export type SteamAccount = {
  steamId: string;
  vanityName?: string;
  personaName: string;
  /** 3 is a public profile, 1 a private one; neither says anything of the game details. */
  profileVisibility: 1 | 3;
  gameDetails: 'public' | 'private';
  ownedApps: readonly OwnedApp[];
  /** An empty library answers `games: []` instead of leaving `games` out. */
  listsEmptyGames?: boolean;
};

/** Accounts of the default simulators. The ids are valid, at the far end of the range, and nobody's. */
export const sampleAccounts = {
  /** 180 apps, of every kind. */
  middling: { steamId: '76561202255200001', vanityName: 'savepoint-sample' },
  /** 2,000 apps. */
  large: { steamId: '76561202255200002', vanityName: 'savepoint-large' },
  /** 1,000 apps. */
  thousand: { steamId: '76561202255200003', vanityName: 'savepoint-thousand' },
  /** Public, owns nothing. */
  empty: { steamId: '76561202255200004', vanityName: 'savepoint-empty' },
  /** Public profile, private game details. */
  private: { steamId: '76561202255200005', vanityName: 'savepoint-private' },
  /** As `empty`, answered with `games: []`. */
  emptyList: { steamId: '76561202255200006', vanityName: 'savepoint-empty-list' },
} as const;

const middlingApps = 180;
const thousandApps = 1000;
const newestPlay = Date.UTC(2026, 10, 20) / 1000;
const daySeconds = 86_400;
/** A time that Steam really gives: the day after the epoch. */
const bogusLastPlayed = daySeconds;
const bogusAppid = 400;
const namelessAppid = 60;

/** A public account that owns the apps, with plausible playtimes. Deterministic. */
export function accountOwning(
  owner: { steamId: string; vanityName?: string; personaName?: string },
  apps: readonly SteamApp[],
): SteamAccount {
  return {
    personaName: owner.vanityName ?? 'Sample',
    ...owner,
    profileVisibility: 3,
    gameDetails: 'public',
    ownedApps: apps.map(toOwnedApp),
  };
}

/** The accounts behind `sampleAccounts`. */
export function makeSampleAccounts(): SteamAccount[] {
  const { apps } = sampleCatalogue();
  const nameless = apps.filter((app) => app.appid === namelessAppid);
  const { private: hidden, emptyList, ...open } = sampleAccounts;
  return [
    accountOwning(open.middling, [...apps.slice(0, middlingApps - 1), ...nameless]),
    accountOwning(open.large, apps),
    accountOwning(open.thousand, apps.slice(-thousandApps)),
    accountOwning(open.empty, []),
    { ...accountOwning(hidden, apps.slice(0, 40)), gameDetails: 'private' },
    { ...accountOwning(emptyList, []), listsEmptyGames: true },
  ];
}

/** A third was never played, a few for hundreds of hours, nearly all on Windows. */
function toOwnedApp({ appid, free, type }: SteamApp): OwnedApp {
  const played = free || appid === bogusAppid || (chance(appid, 1) > (type === 0 ? 0.3 : 0.8) && type !== 11);
  const total = played ? Math.ceil(Math.exp(2 + 8 * chance(appid, 2) ** 1.5)) : 0;
  const linux = chance(appid, 3) < 0.15 ? Math.floor(total * chance(appid, 4)) : 0;
  const mac = chance(appid, 5) < 0.08 ? Math.floor((total - linux) * chance(appid, 6)) : 0;
  const daysAgo = Math.floor(3000 * chance(appid, 7) ** 2);
  const lastPlayed = newestPlay - daysAgo * daySeconds - Math.floor(daySeconds * chance(appid, 8));
  return {
    appid,
    playtimeForever: total,
    playtimeTwoWeeks: played && daysAgo < 14 ? Math.min(total, Math.ceil(600 * chance(appid, 9))) : 0,
    playtimeWindows: total - linux - mac,
    playtimeMac: mac,
    playtimeLinux: linux,
    playtimeDeck: linux > 0 && chance(appid, 10) < 0.5 ? Math.floor(linux / 2) : 0,
    playtimeDisconnected: played && chance(appid, 11) < 0.1 ? Math.ceil(total / 20) : 0,
    rtimeLastPlayed: appid === bogusAppid ? bogusLastPlayed : played ? lastPlayed : 0,
    ...(appid === namelessAppid && { nameless: true }),
  };
}
