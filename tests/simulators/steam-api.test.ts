import {
  accountOwning,
  type Simulators,
  sampleAccounts,
  sampleCatalogue,
  startSimulators,
} from '@savepoint/simulators/start-simulators.ts';
import { askSteam, everything, ownedGamesPath } from './simulated-requests.ts';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());

type Game = { appid: number; name?: string; img_icon_url?: string; [field: string]: unknown };

async function ownedGames(steamId: string, parameters: Record<string, string> = everything): Promise<Game[]> {
  const answer = await askSteam(simulators, ownedGamesPath, { steamid: steamId, ...parameters });
  return JSON.parse(answer.text).response.games;
}

const { middling, large, thousand, empty, emptyList, private: hidden } = sampleAccounts;

describe('GetOwnedGames', () => {
  test.each([
    [middling, 180],
    [large, 2000],
    [thousand, 1000],
  ])('lists the whole library of %j', async ({ steamId }, count) => {
    const games = await ownedGames(steamId);
    expect(games).toHaveLength(count);
    expect(new Set(games.map((game) => game.appid)).size).toBe(count);
  });

  test('gives playtimes in minutes, some within two weeks, by system, a bogus date and no date', async () => {
    const games = await ownedGames(middling.steamId);
    const numbers = (field: string) => games.map((game) => Number(game[field] ?? 0));
    for (const game of games) {
      const systems = ['windows', 'mac', 'linux'].map((name) => Number(game[`playtime_${name}_forever`]));
      expect(systems.reduce((sum, minutes) => sum + minutes)).toBe(game.playtime_forever);
    }
    for (const field of ['playtime_2weeks', 'playtime_linux_forever', 'playtime_deck_forever']) {
      expect(numbers(field).some((minutes) => minutes > 0)).toBe(true);
    }
    const dates = numbers('rtime_last_played');
    expect(dates).toContain(0);
    expect(dates.filter((date) => date > 0 && date < Date.UTC(2004) / 1000)).toHaveLength(1);
    expect(games.some((game) => 'img_logo_url' in game)).toBe(false);
  });

  test('leaves a name out here and there, and all names and icons without include_appinfo', async () => {
    const games = await ownedGames(middling.steamId);
    expect(games.filter((game) => game.name === undefined)).toHaveLength(1);
    const bare = await ownedGames(middling.steamId, { skip_unvetted_apps: '0' });
    expect(bare.length).toBeGreaterThan(100);
    expect(bare.some((game) => 'name' in game || 'img_icon_url' in game)).toBe(false);
  });

  test('lists free games only when asked, unvetted ones only when told not to skip them', async () => {
    const apps = new Map(sampleCatalogue().apps.map((app) => [app.appid, app]));
    const free = (games: Game[]) => games.filter((game) => apps.get(game.appid)?.free).length;
    const unvetted = (games: Game[]) => games.filter((game) => apps.get(game.appid)?.unvetted).length;
    const all = await ownedGames(middling.steamId);
    expect(free(all)).toBeGreaterThan(0);
    expect(unvetted(all)).toBeGreaterThan(0);
    const { include_played_free_games: _free, ...withoutFree } = everything;
    expect(free(await ownedGames(middling.steamId, withoutFree))).toBe(0);
    const { skip_unvetted_apps: _unvetted, ...skipping } = everything;
    expect(unvetted(await ownedGames(middling.steamId, skipping))).toBe(0);
  });

  test('honours appids_filter', async () => {
    const filter = { 'appids_filter[0]': '620', 'appids_filter[1]': '400', 'appids_filter[2]': '1' };
    const games = await ownedGames(middling.steamId, { ...everything, ...filter });
    expect(games.map((game) => game.appid).sort()).toEqual([400, 620]);
  });

  test.each([
    ['private game details behind a public profile', hidden.steamId, '{"response":{}}'],
    ['an empty library', empty.steamId, '{"response":{"game_count":0}}'],
    ['an empty library with a list', emptyList.steamId, '{"response":{"game_count":0,"games":[]}}'],
  ])('answers 200 for %s', async (_case, steamid, body) => {
    const answer = await askSteam(simulators, ownedGamesPath, { steamid, ...everything });
    expect([answer.status, answer.text]).toEqual([200, body]);
  });

  test('answers HTML: 400 for no such account or no key, 403 that speaks of the key for a wrong one', async () => {
    const steamid = middling.steamId;
    const unknown = await askSteam(simulators, ownedGamesPath, {
      steamid: '76561202255299999',
      format: 'json',
    });
    const keyless = await askSteam(simulators, ownedGamesPath, { steamid, format: 'json' }, null);
    const wrong = await askSteam(simulators, ownedGamesPath, { steamid, format: 'json' }, 'wrong');
    expect([unknown.status, keyless.status, wrong.status]).toEqual([400, 400, 403]);
    expect(keyless.text).toContain("Required parameter 'key' is missing");
    expect(wrong.text).toContain('Access is denied');
    expect(wrong.text).toContain('verify your <pre>key=</pre> parameter');
    for (const { contentType, text } of [unknown, keyless, wrong]) {
      expect(contentType).toContain('text/html');
      expect(text).toContain('<html>');
    }
  });

  test('answers 401 and 500 in their place where told to', async () => {
    const other = await startSimulators({ badKeyStatus: 401, unknownAccountStatus: 500 });
    const wrong = await askSteam(other, ownedGamesPath, { steamid: middling.steamId }, 'wrong');
    const unknown = await askSteam(other, ownedGamesPath, { steamid: '76561202255299999' });
    await other.close();
    expect([wrong.status, unknown.status]).toEqual([401, 500]);
  });

  test('serves accounts and a visibility that a test sets', async () => {
    const account = accountOwning({ steamId: '76561202255210001' }, sampleCatalogue().apps.slice(60, 65));
    const own = await startSimulators({ accounts: [account] });
    const ask = () => askSteam(own, ownedGamesPath, { steamid: account.steamId, ...everything });
    const before = JSON.parse((await ask()).text).response.game_count;
    own.control.updateAccount(account.steamId, { ownedApps: account.ownedApps.slice(0, 2) });
    const fewer = JSON.parse((await ask()).text).response.game_count;
    own.control.updateAccount(account.steamId, { gameDetails: 'private' });
    const closed = (await ask()).text;
    await own.close();
    expect([before, fewer, closed]).toEqual([5, 2, '{"response":{}}']);
    expect(() => own.control.updateAccount('1', {})).toThrow('no account 1');
  });
});

describe('ResolveVanityURL', () => {
  const resolve = async (vanityurl: string) =>
    JSON.parse((await askSteam(simulators, '/ISteamUser/ResolveVanityURL/v1/', { vanityurl })).text);

  test('finds a name in any case', async () => {
    const expected = { response: { success: 1, steamid: middling.steamId } };
    expect(await resolve(middling.vanityName)).toEqual(expected);
    expect(await resolve(middling.vanityName.toUpperCase())).toEqual(expected);
  });

  test('says 42 and a message for another', async () => {
    expect(await resolve('nobody')).toEqual({ response: { success: 42, message: 'No match' } });
  });

  test('asks for the key', async () => {
    const answer = await askSteam(
      simulators,
      '/ISteamUser/ResolveVanityURL/v1/',
      { vanityurl: 'x' },
      'wrong',
    );
    expect(answer.status).toBe(403);
  });
});

describe('GetPlayerSummaries', () => {
  const summaries = (steamids: string[]) =>
    askSteam(simulators, '/ISteamUser/GetPlayerSummaries/v2/', { steamids: steamids.join(',') });

  test('gives the profiles it knows; a private library can have a public profile', async () => {
    const { players } = JSON.parse((await summaries([hidden.steamId, '76561202255299999'])).text).response;
    expect(players).toEqual([
      expect.objectContaining({
        steamid: hidden.steamId,
        communityvisibilitystate: 3,
        personaname: expect.any(String),
        profileurl: `https://steamcommunity.com/id/${hidden.vanityName}/`,
        avatarfull: expect.any(String),
      }),
    ]);
  });

  test('gives an empty list for unknown ids, and refuses more than 100', async () => {
    expect((await summaries(['76561202255299999'])).text).toBe('{"response":{"players":[]}}');
    expect((await summaries(Array(100).fill(empty.steamId))).status).toBe(200);
    expect((await summaries(Array(101).fill(empty.steamId))).status).toBe(400);
  });
});

describe('GetItems', () => {
  const path = '/IStoreBrowseService/GetItems/v1/';
  const items = (appids: number[], more: object = {}) =>
    askSteam(
      simulators,
      path,
      { input_json: JSON.stringify({ ids: appids.map((appid) => ({ appid })), ...more }) },
      null,
    );
  type Item = { appid: number; success: number; name?: string; type?: number };
  const found = async (appids: number[]): Promise<Item[]> =>
    JSON.parse((await items(appids)).text).response.store_items;

  test('gives app types without a key, not in the order asked for', async () => {
    const appids = [620, 228980, 452280, 365670, 354500, 2459730, 2933700];
    const answered = await found(appids);
    expect(answered.map((item) => item.appid)).not.toEqual(appids);
    const types = Object.fromEntries(answered.map((item) => [item.appid, item.type]));
    expect(types).toEqual({ 620: 0, 228980: 13, 452280: 1, 365670: 6, 354500: 7, 2459730: 11, 2933700: 12 });
  });

  test('leaves the type of some games out', async () => {
    const [item] = await found([570]);
    expect(item).toMatchObject({ appid: 570, success: 1, name: 'Dota 2' });
    expect(item).not.toHaveProperty('type');
  });

  test('gives an item without name and type for an app that it does not know or no longer sells', async () => {
    const answered = await found([999_999_990, 113400, 299740]);
    for (const item of answered) {
      expect(item).not.toHaveProperty('name');
      expect(item).not.toHaveProperty('type');
    }
    const successes = Object.fromEntries(answered.map((item) => [item.appid, item.success === 1]));
    expect(successes).toEqual({ 999999990: false, 113400: false, 299740: true });
  });

  test('tells of the Deck, reviews, release and images what it is asked for, the same each time', async () => {
    const asked = {
      include_platforms: true,
      include_reviews: true,
      include_release: true,
      include_assets: true,
    };
    const told = async () =>
      JSON.parse((await items([620], { data_request: asked })).text).response.store_items[0];
    const item = await told();
    expect(item).toMatchObject({
      platforms: { windows: true },
      reviews: {
        summary_filtered: { review_count: expect.any(Number), percent_positive: expect.any(Number) },
      },
      release: { steam_release_date: expect.any(Number) },
      assets: { asset_url_format: expect.stringContaining('steam/apps/620/'), header: 'header.jpg' },
    });
    expect(await told()).toEqual(item);
    const [plain] = await found([620]);
    for (const name of ['platforms', 'reviews', 'release', 'assets']) expect(plain).not.toHaveProperty(name);
  });

  test('takes 200 ids and no more, and wants valid JSON', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    expect((await items(ids(200))).status).toBe(200);
    expect((await items(ids(201))).status).toBe(400);
    expect((await askSteam(simulators, path, { input_json: '{' }, null)).status).toBe(400);
  });
});

test('any other path is 404', async () => {
  expect((await askSteam(simulators, '/ISteamApps/GetAppList/v2/', {})).status).toBe(404);
});
