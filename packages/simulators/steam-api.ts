import { type Context, Hono, type MiddlewareHandler } from 'hono';
import type { SteamApp } from './catalogue/catalogue.ts';
import type { OwnedApp, SteamAccount } from './steam-accounts.ts';
import { type DataRequest, storeDetails } from './steam-store.ts';
import { delayAnswers, htmlPage, type NodeEnv } from './traffic.ts';

export type SteamState = {
  latencyMs: number;
  apiKey: string;
  badKeyStatus: 401 | 403;
  unknownAccountStatus: 400 | 500;
  apps: ReadonlyMap<number, SteamApp>;
  /** By SteamID64. */
  accounts: ReadonlyMap<string, SteamAccount>;
};

const summariesLimit = 100;
const itemsLimit = 200;
const success = 1;
const noMatch = 42;
const noSuchItem = 15;

/** The Steam Web API, as far as an import asks it. */
export function createSteamApi(state: SteamState): Hono<NodeEnv> {
  const api = new Hono<NodeEnv>();
  const key = requireKey(state);
  api.use(delayAnswers(state.latencyMs));
  api.get('/IPlayerService/GetOwnedGames/v1', key, (c) => getOwnedGames(c, state));
  api.get('/ISteamUser/ResolveVanityURL/v1', key, (c) => resolveVanityUrl(c, state));
  api.get('/ISteamUser/GetPlayerSummaries/v2', key, (c) => getPlayerSummaries(c, state));
  api.get('/IStoreBrowseService/GetItems/v1', (c) => getItems(c, state));
  api.all('*', (c) => c.html(htmlPage(404, 'Not found'), 404));
  return api;
}

const requireKey =
  (state: SteamState): MiddlewareHandler<NodeEnv> =>
  async (c, next) => {
    const key = c.req.query('key');
    if (!key) return missing(c, 'key');
    if (key === state.apiKey) return next();
    const text = 'Access is denied. Retrying will not help. Please verify your <pre>key=</pre> parameter.';
    return c.html(htmlPage(state.badKeyStatus, text), state.badKeyStatus);
  };

const missing = (c: Context, parameter: string): Response | Promise<Response> =>
  c.html(
    htmlPage(
      400,
      `Please verify that all required parameters are sent. Required parameter '${parameter}' is missing`,
    ),
    400,
  );

const isOn = (c: Context, parameter: string): boolean => /^(1|true)$/.test(c.req.query(parameter) ?? '');

function getOwnedGames(c: Context<NodeEnv>, { accounts, apps, unknownAccountStatus }: SteamState) {
  const steamId = c.req.query('steamid');
  if (!steamId) return missing(c, 'steamid');
  const account = accounts.get(steamId);
  if (!account) return c.html(htmlPage(unknownAccountStatus, ''), unknownAccountStatus);
  if (account.gameDetails === 'private') return c.json({ response: {} });
  const filter = wantedAppids(c);
  const listed = account.ownedApps.filter((owned) => {
    const app = apps.get(owned.appid);
    if (filter && !filter.has(owned.appid)) return false;
    if (app?.free && !(isOn(c, 'include_played_free_games') && owned.playtimeForever > 0)) return false;
    return !(app?.unvetted && c.req.query('skip_unvetted_apps') !== '0');
  });
  if (listed.length === 0 && !account.listsEmptyGames) return c.json({ response: { game_count: 0 } });
  const withInfo = isOn(c, 'include_appinfo');
  const games = listed.map((owned) => toOwnedGame(owned, withInfo ? apps.get(owned.appid) : undefined));
  return c.json({ response: { game_count: games.length, games } });
}

/** `appids_filter[0]=…&appids_filter[1]=…`, or nothing when no filter was sent. */
function wantedAppids(c: Context): Set<number> | undefined {
  const sent = Object.entries(c.req.query()).filter(([name]) => name.startsWith('appids_filter['));
  return sent.length > 0 ? new Set(sent.map(([, appid]) => Number(appid))) : undefined;
}

function toOwnedGame(owned: OwnedApp, app: SteamApp | undefined) {
  const info = app && !owned.nameless;
  return {
    appid: owned.appid,
    ...(info && { name: app.name }),
    ...(owned.playtimeTwoWeeks > 0 && { playtime_2weeks: owned.playtimeTwoWeeks }),
    playtime_forever: owned.playtimeForever,
    ...(info && { img_icon_url: iconHash(owned.appid), has_community_visible_stats: app.type === 0 }),
    playtime_windows_forever: owned.playtimeWindows,
    playtime_mac_forever: owned.playtimeMac,
    playtime_linux_forever: owned.playtimeLinux,
    playtime_deck_forever: owned.playtimeDeck,
    rtime_last_played: owned.rtimeLastPlayed,
    ...(info && owned.appid % 4 === 0 && { content_descriptorids: [2, 5] }),
    playtime_disconnected: owned.playtimeDisconnected,
  };
}

/** 40 hexadecimal digits, as Steam's icon hashes have. */
const iconHash = (appid: number): string => appid.toString(16).padStart(8, '0').repeat(5);

function resolveVanityUrl(c: Context<NodeEnv>, { accounts }: SteamState) {
  const name = c.req.query('vanityurl');
  if (!name) return missing(c, 'vanityurl');
  const isNamed = (account: SteamAccount) => account.vanityName?.toLowerCase() === name.toLowerCase();
  const account = [...accounts.values()].find(isNamed);
  if (!account) return c.json({ response: { success: noMatch, message: 'No match' } });
  return c.json({ response: { steamid: account.steamId, success } });
}

function getPlayerSummaries(c: Context<NodeEnv>, { accounts }: SteamState) {
  const steamIds = (c.req.query('steamids') ?? '').split(',').filter(Boolean);
  if (steamIds.length === 0) return missing(c, 'steamids');
  if (steamIds.length > summariesLimit) return c.html(htmlPage(400, 'Too many steamids'), 400);
  const players = steamIds.flatMap((steamId) => {
    const account = accounts.get(steamId);
    return account ? toPlayer(account) : [];
  });
  return c.json({ response: { players } });
}

const toPlayer = ({ steamId, vanityName, personaName, profileVisibility }: SteamAccount) => ({
  steamid: steamId,
  communityvisibilitystate: profileVisibility,
  profilestate: 1,
  personaname: personaName,
  profileurl: `https://steamcommunity.com/${vanityName ? `id/${vanityName}` : `profiles/${steamId}`}/`,
  avatarfull: 'https://avatars.steamstatic.com/fef49e7fa7e1997310d705b2a6158ff8dc1cdfeb_full.jpg',
});

function getItems(c: Context<NodeEnv>, { apps }: SteamState) {
  const question = readItemsQuestion(c.req.query('input_json') ?? '');
  if (!question) return c.html(htmlPage(400, 'input_json is missing or no valid JSON'), 400);
  const { ids, asked } = question;
  if (ids.length > itemsLimit) return c.html(htmlPage(400, 'Too many ids'), 400);
  // Reversed, because Steam promises no order.
  return c.json({
    response: { store_items: ids.map((id) => toStoreItem(id, apps.get(id), asked)).reverse() },
  });
}

function readItemsQuestion(inputJson: string): { ids: number[]; asked: DataRequest } | undefined {
  try {
    const { ids, data_request: asked = {} } = JSON.parse(inputJson) as {
      ids?: { appid?: unknown }[];
      data_request?: DataRequest;
    };
    return ids && { ids: ids.map(({ appid }) => Number(appid)), asked };
  } catch {
    return undefined;
  }
}

/** Without a success an item has no name and no type; games leave the type out now and then, because 0 is its default. */
function toStoreItem(appid: number, app: SteamApp | undefined, asked: DataRequest) {
  const item = { item_type: 0, id: appid, appid };
  if (!app || app.store === 'gone') return { ...item, success: noSuchItem, visible: false };
  if (app.store === 'nameless') return { ...item, success, visible: false };
  const type = app.type === 0 && appid % 3 === 0 ? {} : { type: app.type };
  const details = storeDetails(app, asked);
  return {
    ...item,
    success,
    visible: true,
    name: app.name,
    store_url_path: `app/${appid}`,
    ...type,
    ...details,
  };
}
