import { steamIdOf } from '../../support/ids.ts';
import { createSteamClient } from '@savepoint/adapters/steam/steam-client.ts';
import { SteamApiError } from '@savepoint/core/errors.ts';
import { sampleAccounts } from '@savepoint/simulators/start-simulators.ts';
import { everythingOf, failureOf } from '../http/test-server.ts';
import { clientOf, withSteam } from './steam-under-test.ts';

describe('the key', () => {
  test.each([401, 403] as const)(
    'a refused key (%p) is for the operator, and nothing to retry',
    (badKeyStatus) =>
      withSteam(
        async (simulators) => {
          const client = createSteamClient({ apiUrl: simulators.steamApiUrl, apiKey: async () => 'WRONG' });
          const error = await failureOf(client.getOwnedGames(steamIdOf(sampleAccounts.middling.steamId)));
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
      expect((await client.getOwnedGames(steamIdOf(sampleAccounts.middling.steamId))).rows).toHaveLength(180);
      expect(asked).toEqual([undefined, true]);
    }));

  test('a fresh key that is refused as well ends it', () =>
    withSteam(async (simulators) => {
      const keys = ['OLD', 'NEW'];
      const client = createSteamClient({
        apiUrl: simulators.steamApiUrl,
        apiKey: async () => keys.shift() ?? 'NEVER',
      });
      const error = await failureOf(client.getOwnedGames(steamIdOf(sampleAccounts.middling.steamId)));
      expect(error).toMatchObject({ code: 'STEAM_KEY_REJECTED' });
      expect(simulators.requests).toHaveLength(2);
    }));

  test.each([401, 403])('a %p whose page does not speak of the key is not the key’s fault', (status) =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push({ status, body: '<html>Access Denied. Reference 18.2f6</html>' });
      const error = await failureOf(
        clientOf(simulators).getOwnedGames(steamIdOf(sampleAccounts.middling.steamId)),
      );
      expect(error).toMatchObject({ code: 'STEAM_UNAVAILABLE', retryable: true });
    }),
  );
});

describe('trouble', () => {
  test('a rate limit says how long to wait, when Steam says so', () =>
    withSteam(async (simulators) => {
      const client = clientOf(simulators);
      simulators.faults.steam.push({ status: 429, retryAfterSeconds: 90 }, { status: 429 });
      const told = await failureOf(client.getOwnedGames(steamIdOf(sampleAccounts.middling.steamId)));
      expect(told).toMatchObject({ code: 'STEAM_RATE_LIMITED', retryable: true, retryAfterSeconds: 90 });
      const untold = await failureOf(client.getOwnedGames(steamIdOf(sampleAccounts.middling.steamId)));
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
      const error = await failureOf(client.getOwnedGames(steamIdOf(sampleAccounts.middling.steamId)));
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
        const { rows } = await clientOf(simulators).getOwnedGames(steamIdOf(sampleAccounts.middling.steamId));
        expect(rows).toHaveLength(180);
      }),
  );

  test('who asks for time is not asked again at once', () =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push({ status: 503, retryAfterSeconds: 30 });
      await failureOf(clientOf(simulators).getOwnedGames(steamIdOf(sampleAccounts.middling.steamId)));
      expect(simulators.requests).toHaveLength(1);
    }));

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
        const error = await failureOf(client.getOwnedGames(steamIdOf(sampleAccounts.middling.steamId)));
        expect(error).toBeInstanceOf(SteamApiError);
        expect(everythingOf(error)).not.toContain(steamApiKey);
        expect(everythingOf(error)).not.toContain('?');
      }
      await simulators.close();
      const down = await failureOf(client.resolveVanityName('savepoint-sample'));
      expect(everythingOf(down)).not.toContain(steamApiKey);
    }));
});
