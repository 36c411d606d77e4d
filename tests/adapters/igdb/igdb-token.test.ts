import { StoredToken } from '@savepoint/adapters/igdb/token-store.ts';
import type { Simulators } from '@savepoint/simulators/start-simulators.ts';
import * as v from 'valibot';
import { failureOf } from '../http/test-server.ts';
import {
  clientOf,
  createMemoryTokenStore,
  fast,
  igdbRequests,
  tokenRequests,
  withIgdb,
} from './igdb-under-test.ts';

const halfLife2 = 233;
const hour = 3600;
const sixtyDays = 60 * 24 * hour;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const deadToken = (simulators: Simulators, lifetimeSeconds = sixtyDays) => ({
  client_id: simulators.igdbClientId,
  access_token: 'dead',
  expires_at: inSeconds(lifetimeSeconds),
});
/** A live one, stored with the lifetime that the test wants. */
async function liveToken(simulators: Simulators, lifetimeSeconds: number): Promise<StoredToken> {
  const tokenStore = createMemoryTokenStore();
  await clientOf(simulators, { tokenStore }).findGamesById([halfLife2]);
  simulators.requests.length = 0;
  return { ...v.parse(StoredToken, tokenStore.token), expires_at: inSeconds(lifetimeSeconds) };
}

describe('one token for all', () => {
  test('many calls share one request for it, and it is stored', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore();
      const client = clientOf(simulators, { tokenStore });
      await Promise.all([1, 2, 3, 4, 5].map(() => client.findGamesById([halfLife2])));
      await client.findGamesById([halfLife2]);
      expect(tokenRequests(simulators)).toHaveLength(1);
      expect(client.stats().tokenRequests).toBe(1);
      expect(tokenStore).toMatchObject({ reads: 1, writes: 1 });
      expect(v.is(StoredToken, tokenStore.token)).toBe(true);
      const daysLeft = (Date.parse(tokenStore.token?.expires_at ?? '') - Date.now()) / 86_400_000;
      expect(Math.round(daysLeft)).toBe(65);
    }));

  test('another instance, or a cold start, takes it over', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore();
      for (let start = 0; start < 30; start++)
        expect(await clientOf(simulators, { tokenStore }).findGamesById([halfLife2])).toHaveLength(1);
      expect(tokenRequests(simulators)).toHaveLength(1);
    }));

  test('it is renewed on its last day', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore(await liveToken(simulators, 23 * hour));
      await clientOf(simulators, { tokenStore }).findGamesById([halfLife2]);
      expect(tokenRequests(simulators)).toHaveLength(1);
      expect(tokenStore.writes).toBe(1);
    }));

  test('two days before its end it is not', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore(await liveToken(simulators, 48 * hour));
      await clientOf(simulators, { tokenStore }).findGamesById([halfLife2]);
      expect(tokenRequests(simulators)).toHaveLength(0);
    }));

  test('on its last day it still serves while Twitch is down', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore(await liveToken(simulators, hour));
      simulators.faults.twitch.push({ status: 503, times: 100 });
      const client = clientOf(simulators, { tokenStore });
      expect(await client.findGamesById([halfLife2])).toHaveLength(1);
      expect(await client.findGamesById([halfLife2])).toHaveLength(1);
      expect(tokenRequests(simulators)).toHaveLength(fast.retries.attempts);
    }));

  test('on its last day it does not hide that the credentials are refused', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore(await liveToken(simulators, hour));
      simulators.faults.twitch.push({ status: 403 });
      const error = await failureOf(clientOf(simulators, { tokenStore }).findGamesById([halfLife2]));
      expect(error).toMatchObject({ code: 'IGDB_CREDENTIALS_REJECTED' });
    }));

  test('one of other credentials is not used', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore({ ...deadToken(simulators), client_id: 'somebody else' });
      expect(await clientOf(simulators, { tokenStore }).findGamesById([halfLife2])).toHaveLength(1);
      expect(igdbRequests(simulators)).toHaveLength(1);
      expect(tokenStore.token?.client_id).toBe(simulators.igdbClientId);
    }));

  test('a short-lived one is still used more than once', () =>
    withIgdb(
      async (simulators) => {
        const client = clientOf(simulators);
        for (let call = 0; call < 3; call++) await client.findGamesById([halfLife2]);
        expect(tokenRequests(simulators)).toHaveLength(1);
      },
      { tokenLifetimeSeconds: 600 },
    ));
});

describe('a 401', () => {
  test('is healed by one new token for all the calls it hits', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore();
      const client = clientOf(simulators, { tokenStore });
      await client.findGamesById([halfLife2]);
      simulators.control.revokeTokens();
      const found = await Promise.all([1, 2, 3, 4].map(() => client.findGamesById([halfLife2])));
      for (const games of found) expect(games).toHaveLength(1);
      expect(tokenRequests(simulators)).toHaveLength(2);
      expect(tokenStore.writes).toBe(2);
    }));

  test('is healed by the token that another instance has stored meanwhile', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore(deadToken(simulators));
      const fresh = await liveToken(simulators, sixtyDays);
      const client = clientOf(simulators, { tokenStore });
      const call = client.findGamesById([halfLife2]);
      tokenStore.read = async () => {
        const read = tokenStore.token;
        tokenStore.token = fresh;
        return read;
      };
      expect(await call).toHaveLength(1);
      expect(tokenRequests(simulators)).toHaveLength(0);
    }));

  test('to the fresh token too ends it, and is not a loop', () =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ status: 401, times: 100 });
      const error = await failureOf(clientOf(simulators).findGamesById([halfLife2]));
      expect(error).toMatchObject({ code: 'IGDB_AUTH_FAILED', retryable: true });
      expect(igdbRequests(simulators)).toHaveLength(2);
      expect(tokenRequests(simulators)).toHaveLength(2);
    }));

  test('to a dead token in store and memory is over at the next call', () =>
    withIgdb(async (simulators) => {
      const client = clientOf(simulators, { tokenStore: createMemoryTokenStore(deadToken(simulators)) });
      expect(await client.findGamesById([halfLife2])).toHaveLength(1);
      expect(igdbRequests(simulators).map(({ status }) => status)).toEqual([401, 200]);
    }));
});

test.each([
  {},
  { client_id: 'a', access_token: 'b' },
  { client_id: 'a', access_token: 'b', expires_at: 'soon' },
  { client_id: 'a', access_token: 7, expires_at: inSeconds(0) },
  'text',
])('%j is no stored token', (value) => {
  expect(v.is(StoredToken, value)).toBe(false);
});
