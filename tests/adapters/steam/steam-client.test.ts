import { createSteamClient } from '@savepoint/adapters/steam/steam-client.ts';
import { SteamApiError } from '@savepoint/core/errors.ts';
import {
  accountOwning,
  type SimulatorOptions,
  type Simulators,
  sampleAccounts,
  sampleCatalogue,
  startSimulators,
} from '@savepoint/local/simulators/start-simulators.ts';
import { everythingOf, failureOf } from '../http/test-server.ts';

const withSteam = async (use: (simulators: Simulators) => Promise<void>, options: SimulatorOptions = {}) => {
  const simulators = await startSimulators(options);
  try {
    await use(simulators);
  } finally {
    await simulators.close();
  }
};
const clientOf = ({ steamApiUrl, steamApiKey }: Simulators, options: { timeoutSeconds?: number } = {}) =>
  createSteamClient({ apiUrl: steamApiUrl, apiKey: async () => steamApiKey, ...options });
const unknownAccount = '76561202255230000';
const pathsOf = ({ requests }: Simulators) => requests.map(({ path }) => path.split('/')[2]);

describe('owned games', () => {
  test('a whole library, played free games and unvetted apps included', () =>
    withSteam(
      async (simulators) => {
        const games = await clientOf(simulators).getOwnedGames(sampleAccounts.middling.steamId);
        expect(games.map(({ appId }) => appId).sort()).toEqual(apps.map(({ appid }) => appid).sort());
        expect(simulators.requests[0]?.query).toMatchObject({
          steamid: sampleAccounts.middling.steamId,
          include_appinfo: '1',
          include_played_free_games: '1',
          include_free_sub: '1',
          skip_unvetted_apps: '0',
          format: 'json',
        });
      },
      { accounts: [accountOwning(sampleAccounts.middling, apps)] },
    ));
  const { apps: everyApp } = sampleCatalogue();
  const apps = [
    ...everyApp.filter(({ free }) => free).slice(0, 3),
    ...everyApp.filter(({ unvetted }) => unvetted).slice(0, 3),
    ...everyApp.filter(({ free, unvetted }) => !free && !unvetted).slice(0, 20),
  ];

  test('a nameless app and a bogus time do not break the sample library', () =>
    withSteam(async (simulators) => {
      const games = await clientOf(simulators).getOwnedGames(sampleAccounts.middling.steamId);
      expect(games).toHaveLength(180);
      expect(games.find(({ appId }) => appId === 60)?.name).toBe('App 60');
      const portal = games.find(({ appId }) => appId === 400);
      expect(portal).toMatchObject({ name: 'Portal', lastPlayedAt: null });
      expect(portal?.playtimeMinutes).toBeGreaterThan(0);
    }));

  test('private game details name the setting, although the profile is public', () =>
    withSteam(async (simulators) => {
      const error = await failureOf(clientOf(simulators).getOwnedGames(sampleAccounts.private.steamId));
      expect(error).toMatchObject({ code: 'STEAM_GAME_DETAILS_PRIVATE', retryable: false });
      expect(error.message).toContain('“Game details”');
    }));

  test.each([sampleAccounts.empty, sampleAccounts.emptyList])(
    'an empty library is not a private one: %p',
    ({ steamId }) =>
      withSteam(async (simulators) => {
        const error = await failureOf(clientOf(simulators).getOwnedGames(steamId));
        expect(error).toMatchObject({ code: 'STEAM_LIBRARY_EMPTY', retryable: false });
      }),
  );

  test.each([400, 500] as const)(
    'an account that does not exist, answered with %p, is confirmed first',
    (unknownAccountStatus) =>
      withSteam(
        async (simulators) => {
          const error = await failureOf(clientOf(simulators).getOwnedGames(unknownAccount));
          expect(error).toMatchObject({ code: 'STEAM_ACCOUNT_NOT_FOUND', retryable: false });
          expect(error.message).toContain(unknownAccount);
          expect(pathsOf(simulators)).toEqual(['GetOwnedGames', 'GetPlayerSummaries']);
        },
        { unknownAccountStatus },
      ),
  );

  test.each([400, 500])('a %p for an account that exists is trouble at Steam', (status) =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push({ path: 'GetOwnedGames', status });
      const error = await failureOf(clientOf(simulators).getOwnedGames(sampleAccounts.middling.steamId));
      expect(error).toMatchObject({ code: 'STEAM_UNAVAILABLE', retryable: true });
    }),
  );

  test('an account is not called unknown when Steam can not confirm it', () =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push({ path: 'GetPlayerSummaries', status: 500, times: 9 });
      const error = await failureOf(clientOf(simulators).getOwnedGames(unknownAccount));
      expect(error).toMatchObject({ code: 'STEAM_UNAVAILABLE', retryable: true });
    }));
});

describe('the key', () => {
  test.each([401, 403] as const)(
    'a refused key (%p) is for the operator, and nothing to retry',
    (badKeyStatus) =>
      withSteam(
        async (simulators) => {
          const client = createSteamClient({ apiUrl: simulators.steamApiUrl, apiKey: async () => 'WRONG' });
          const error = await failureOf(client.getOwnedGames(sampleAccounts.middling.steamId));
          expect(error).toMatchObject({ code: 'STEAM_KEY_REJECTED', retryable: false });
          expect(error).toMatchObject({ operatorHint: expect.stringContaining('steam-api-key') });
          expect(simulators.requests).toHaveLength(1);
        },
        { badKeyStatus },
      ),
  );

  test('an empty key is the same fault', () =>
    withSteam(async (simulators) => {
      const client = createSteamClient({ apiUrl: simulators.steamApiUrl, apiKey: async () => '' });
      const error = await failureOf(client.resolveVanityName('savepoint-sample'));
      expect(error).toMatchObject({ code: 'STEAM_KEY_REJECTED', retryable: false });
    }));

  test('a rotated key is fetched anew once', () =>
    withSteam(async (simulators) => {
      const asked: (boolean | undefined)[] = [];
      const client = createSteamClient({
        apiUrl: simulators.steamApiUrl,
        apiKey: async (options) => {
          asked.push(options?.refresh);
          return options?.refresh ? simulators.steamApiKey : 'OLD';
        },
      });
      expect(await client.getOwnedGames(sampleAccounts.middling.steamId)).toHaveLength(180);
      expect(asked).toEqual([undefined, true]);
    }));

  test('a fresh key that is refused as well ends it', () =>
    withSteam(async (simulators) => {
      const keys = ['OLD', 'NEW'];
      const client = createSteamClient({
        apiUrl: simulators.steamApiUrl,
        apiKey: async () => keys.shift() ?? 'NEVER',
      });
      const error = await failureOf(client.getOwnedGames(sampleAccounts.middling.steamId));
      expect(error).toMatchObject({ code: 'STEAM_KEY_REJECTED' });
      expect(simulators.requests).toHaveLength(2);
    }));

  test.each([401, 403])('a %p whose page does not speak of the key is not the key’s fault', (status) =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push({ status, body: '<html>Access Denied. Reference 18.2f6</html>' });
      const error = await failureOf(clientOf(simulators).getOwnedGames(sampleAccounts.middling.steamId));
      expect(error).toMatchObject({ code: 'STEAM_UNAVAILABLE', retryable: true });
    }),
  );
});

describe('trouble', () => {
  test('a rate limit says how long to wait, when Steam says so', () =>
    withSteam(async (simulators) => {
      const client = clientOf(simulators);
      simulators.faults.steam.push({ status: 429, retryAfterSeconds: 90 }, { status: 429 });
      const told = await failureOf(client.getOwnedGames(sampleAccounts.middling.steamId));
      expect(told).toMatchObject({ code: 'STEAM_RATE_LIMITED', retryable: true, retryAfterSeconds: 90 });
      const untold = await failureOf(client.getOwnedGames(sampleAccounts.middling.steamId));
      expect(untold).toMatchObject({ code: 'STEAM_RATE_LIMITED', retryAfterSeconds: undefined });
    }));

  test.each([
    { status: 502, times: 9 },
    { status: 503, times: 9, retryAfterSeconds: 30 },
    { status: 504, times: 9 },
    { disconnect: true, times: 9 },
    { hang: true, times: 9 },
    { status: 302, times: 9 },
    { status: 200, body: '<html>maintenance</html>' },
    { status: 200, body: '' },
    { status: 200, body: '{}' },
    { status: 200, body: '{"response":[]}' },
    { status: 200, body: '{"response":{"game_count":3}}' },
    { status: 200, body: '{"response":{"game_count":1,"games":[{}]}}' },
    { status: 200, body: '{"response":{"game_count":0,"games":"none"}}' },
  ])('%p is Steam being unavailable, never an empty library', (fault) =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push(fault);
      const client = clientOf(simulators, { timeoutSeconds: 0.5 });
      const error = await failureOf(client.getOwnedGames(sampleAccounts.middling.steamId));
      expect(error).toBeInstanceOf(SteamApiError);
      expect(error).toMatchObject({
        code: 'STEAM_UNAVAILABLE',
        retryable: true,
        retryAfterSeconds: fault.retryAfterSeconds,
      });
    }),
  );

  test.each([{ status: 502 }, { status: 503 }, { disconnect: true }])(
    'one hiccup, %p, is got over at once',
    (fault) =>
      withSteam(async (simulators) => {
        simulators.faults.steam.push(fault);
        expect(await clientOf(simulators).getOwnedGames(sampleAccounts.middling.steamId)).toHaveLength(180);
      }),
  );

  test('no error of any kind gives the key away', () =>
    withSteam(async (simulators) => {
      const { steamApiKey } = simulators;
      const faults = [
        { status: 403, body: `Please verify your key=${steamApiKey}` },
        { status: 429, body: steamApiKey },
        { status: 503, body: steamApiKey, times: 2 },
        { status: 200, body: `{"key":"${steamApiKey}"}` },
        { status: 200, body: steamApiKey },
        { status: 401, body: steamApiKey },
        { disconnect: true, times: 2 },
        { hang: true },
      ];
      const client = clientOf(simulators, { timeoutSeconds: 0.3 });
      for (const fault of faults) {
        simulators.faults.steam.push(fault);
        const error = await failureOf(client.getOwnedGames(sampleAccounts.middling.steamId));
        expect(error).toBeInstanceOf(SteamApiError);
        expect(everythingOf(error)).not.toContain(steamApiKey);
        expect(everythingOf(error)).not.toContain('?');
      }
      await simulators.close();
      const down = await failureOf(client.resolveVanityName('savepoint-sample'));
      expect(everythingOf(down)).not.toContain(steamApiKey);
    }));
});

describe('vanity names', () => {
  test('a name becomes the SteamID64', () =>
    withSteam(async (simulators) => {
      const { vanityName, steamId } = sampleAccounts.middling;
      expect(await clientOf(simulators).resolveVanityName(vanityName)).toBe(steamId);
    }));

  test('an unknown name is said so', () =>
    withSteam(async (simulators) => {
      const error = await failureOf(clientOf(simulators).resolveVanityName('nobody-at-all'));
      expect(error).toMatchObject({ code: 'STEAM_PROFILE_NOT_FOUND', retryable: false });
      expect(error.message).toContain('nobody-at-all');
    }));

  test('a name can not override other parameters of the request', () =>
    withSteam(async (simulators) => {
      const error = await failureOf(
        clientOf(simulators).resolveVanityName('x&key=stolen&vanityurl=savepoint-sample#'),
      );
      expect(error).toMatchObject({ code: 'STEAM_PROFILE_NOT_FOUND' });
      expect(simulators.requests[0]?.query.vanityurl).toBe('x&key=stolen&vanityurl=savepoint-sample#');
    }));

  test.each([
    '{"response":{"success":1,"steamid":"103582791429521412"}}',
    '{"response":{"success":1,"steamid":"0"}}',
    '{"response":{"success":1}}',
  ])('a name of something that is no person is not found: %p', (body) =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push({ status: 200, body });
      const error = await failureOf(clientOf(simulators).resolveVanityName('some-group'));
      expect(error).toMatchObject({ code: 'STEAM_PROFILE_NOT_FOUND' });
    }),
  );

  test('any other answer may pass', () =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push({ status: 200, body: '{"response":{"success":2}}' });
      const error = await failureOf(clientOf(simulators).resolveVanityName('savepoint-sample'));
      expect(error).toMatchObject({ code: 'STEAM_UNAVAILABLE', retryable: true });
    }));
});
