import { steamIdOf } from '../../support/ids.ts';
import {
  accountOwning,
  type Simulators,
  sampleAccounts,
  sampleCatalogue,
} from '@savepoint/simulators/start-simulators.ts';
import { everythingOf, failureOf } from '../http/test-server.ts';
import { clientOf, withSteam } from './steam-under-test.ts';

const unknownAccount = '76561202255230000';
const pathsOf = ({ requests }: Simulators) => requests.map(({ path }) => path.split('/')[2]);

describe('owned games', () => {
  test('a whole library, played free games and unvetted apps included', () =>
    withSteam(
      async (simulators) => {
        const { rows: games } = await clientOf(simulators).getOwnedGames(
          steamIdOf(sampleAccounts.middling.steamId),
        );
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
      const { rows: games } = await clientOf(simulators).getOwnedGames(
        steamIdOf(sampleAccounts.middling.steamId),
      );
      expect(games).toHaveLength(180);
      expect(games.find(({ appId }) => appId === 60)?.name).toBeNull();
      const portal = games.find(({ appId }) => appId === 400);
      expect(portal).toMatchObject({ name: 'Portal', lastPlayedAt: null });
      expect(portal?.playtimeMinutes).toBeGreaterThan(0);
    }));

  describe('a list that contradicts itself', () => {
    const incomplete = JSON.stringify({
      response: { game_count: 3, games: [{ appid: 620, name: 'Portal 2' }, { appid: '400' }] },
    });
    const steamId = steamIdOf(sampleAccounts.middling.steamId);

    test('is asked for again, because it is often a hiccup', () =>
      withSteam(async (simulators) => {
        simulators.faults.steam.push({ path: 'GetOwnedGames', status: 200, body: incomplete, times: 2 });
        const { rows, droppedCount } = await clientOf(simulators).getOwnedGames(steamId);
        expect([rows.length, droppedCount]).toEqual([180, 0]);
        expect(simulators.requests).toHaveLength(3);
      }));

    test.each([
      ['it stays so', { status: 200, body: incomplete }],
      ['Steam fails then', { status: 429 }],
      ['Steam lists less then', { status: 200, body: '{"response":{"game_count":0}}' }],
    ])('gives what is there, and how much is not, when %s', (_, later) =>
      withSteam(async (simulators) => {
        const path = 'GetOwnedGames';
        simulators.faults.steam.push({ path, status: 200, body: incomplete }, { path, ...later, times: 9 });
        expect(await clientOf(simulators).getOwnedGames(steamId)).toMatchObject({
          rows: [{ appId: 620, name: 'Portal 2' }],
          droppedCount: 2,
        });
        expect(simulators.requests).toHaveLength(3);
      }),
    );
  });

  test('private game details name the setting, although the profile is public', () =>
    withSteam(async (simulators) => {
      const error = await failureOf(
        clientOf(simulators).getOwnedGames(steamIdOf(sampleAccounts.private.steamId)),
      );
      expect(error).toMatchObject({ code: 'STEAM_GAME_DETAILS_PRIVATE', retryable: false });
      expect(error.message).toContain('“Game details”');
    }));

  test.each([sampleAccounts.empty, sampleAccounts.emptyList])(
    'an empty library is not a private one: %p',
    ({ steamId }) =>
      withSteam(async (simulators) => {
        const error = await failureOf(clientOf(simulators).getOwnedGames(steamIdOf(steamId)));
        expect(error).toMatchObject({ code: 'STEAM_LIBRARY_EMPTY', retryable: false });
      }),
  );

  test.each([400, 500] as const)(
    'an account that does not exist, answered with %p, is confirmed first',
    (unknownAccountStatus) =>
      withSteam(
        async (simulators) => {
          const error = await failureOf(clientOf(simulators).getOwnedGames(steamIdOf(unknownAccount)));
          expect(error).toMatchObject({ code: 'STEAM_ACCOUNT_NOT_FOUND', retryable: false });
          // Errors are logged, and logs do not name people.
          expect(everythingOf(error)).not.toContain(unknownAccount);
          expect(pathsOf(simulators)).toEqual(['GetOwnedGames', 'GetPlayerSummaries']);
        },
        { unknownAccountStatus },
      ),
  );

  test.each([400, 500])('a %p for an account that exists is trouble at Steam', (status) =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push({ path: 'GetOwnedGames', status });
      const error = await failureOf(
        clientOf(simulators).getOwnedGames(steamIdOf(sampleAccounts.middling.steamId)),
      );
      expect(error).toMatchObject({ code: 'STEAM_UNAVAILABLE', retryable: true });
    }),
  );

  test('an account is not called unknown when Steam cannot confirm it', () =>
    withSteam(async (simulators) => {
      simulators.faults.steam.push({ path: 'GetPlayerSummaries', status: 500, times: 9 });
      const error = await failureOf(clientOf(simulators).getOwnedGames(steamIdOf(unknownAccount)));
      expect(error).toMatchObject({ code: 'STEAM_UNAVAILABLE', retryable: true });
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

  test('a name cannot override other parameters of the request', () =>
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
