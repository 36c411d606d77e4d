import type { IgdbCredentials } from '@savepoint/adapters/igdb/token-request.ts';
import type { Simulators } from '@savepoint/simulators/start-simulators.ts';
import { everythingOf, failureOf } from '../http/test-server.ts';
import { clientOf, createMemoryTokenStore, fast, tokenRequests, withIgdb } from './igdb-under-test.ts';

const halfLife2 = 233;
const credentialsOf = ({ igdbClientId, igdbClientSecret }: Simulators): IgdbCredentials => ({
  clientId: igdbClientId,
  clientSecret: igdbClientSecret,
});

test.each(['secret', 'client'])('a wrong %s is for the operator, and nothing to retry', (part) =>
  withIgdb(async (simulators) => {
    const right = credentialsOf(simulators);
    const wrong =
      part === 'client' ? { ...right, clientId: 'wrong' } : { ...right, clientSecret: 'canary-wrong' };
    const error = await failureOf(
      clientOf(simulators, { credentials: async () => wrong }).findGamesById([halfLife2]),
    );
    expect(error).toMatchObject({
      code: 'IGDB_CREDENTIALS_REJECTED',
      retryable: false,
      operatorHint: expect.stringContaining('igdb-credentials'),
    });
    expect(everythingOf(error)).not.toContain('canary-wrong');
    expect(tokenRequests(simulators)).toHaveLength(1);
  }),
);

test.each([400, 401, 403])('Twitch may say so with %p', (status) =>
  withIgdb(async (simulators) => {
    simulators.faults.twitch.push({ status, times: 2 });
    const error = await failureOf(clientOf(simulators).findGamesById([halfLife2]));
    expect(error).toMatchObject({ code: 'IGDB_CREDENTIALS_REJECTED', details: { status } });
  }),
);

test('rotated ones are fetched anew once', () =>
  withIgdb(async (simulators) => {
    const asked: (boolean | undefined)[] = [];
    const client = clientOf(simulators, {
      credentials: async (options) => {
        asked.push(options?.refresh);
        const right = credentialsOf(simulators);
        return options?.refresh ? right : { ...right, clientSecret: 'old' };
      },
    });
    expect(await client.findGamesById([halfLife2])).toHaveLength(1);
    expect(asked.filter(Boolean)).toHaveLength(1);
    expect(tokenRequests(simulators)).toHaveLength(2);
  }));

test('fresh ones that are refused as well end it', () =>
  withIgdb(async (simulators) => {
    let version = 0;
    const client = clientOf(simulators, {
      credentials: async () => ({ ...credentialsOf(simulators), clientSecret: `wrong ${version++}` }),
    });
    expect(await failureOf(client.findGamesById([halfLife2]))).toMatchObject({
      code: 'IGDB_CREDENTIALS_REJECTED',
    });
    expect(tokenRequests(simulators)).toHaveLength(2);
  }));

test('that cannot be read are the error of whoever reads them', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators, { credentials: () => Promise.reject(new Error('no secret')) });
    await expect(client.findGamesById([halfLife2])).rejects.toThrow('no secret');
  }));
describe('Twitch in trouble', () => {
  test.each([
    { status: 503 },
    { status: 429 },
    { status: 200, body: '<html>' },
    { status: 200, body: '{"access_token":"","expires_in":1}' },
    { disconnect: true },
  ])('%j twice is got over', (fault) =>
    withIgdb(async (simulators) => {
      simulators.faults.twitch.push({ ...fault, times: 2 });
      expect(await clientOf(simulators).findGamesById([halfLife2])).toHaveLength(1);
    }),
  );

  test.each([
    [{ status: 503 }, 'IGDB_UNAVAILABLE'],
    [{ status: 429, retryAfterSeconds: 0 }, 'IGDB_RATE_LIMITED'],
    [{ disconnect: true }, 'IGDB_UNAVAILABLE'],
  ])('%j for long is to be tried later, and the next call tries again', (fault, code) =>
    withIgdb(async (simulators) => {
      simulators.faults.twitch.push({ ...fault, times: fast.retries.attempts });
      const client = clientOf(simulators);
      expect(await failureOf(client.findGamesById([halfLife2]))).toMatchObject({ code, retryable: true });
      expect(await client.findGamesById([halfLife2])).toHaveLength(1);
    }),
  );

  test('a store that fails is an error, but costs no second token', () =>
    withIgdb(async (simulators) => {
      const tokenStore = createMemoryTokenStore();
      tokenStore.write = () => Promise.reject(new Error('bucket is gone'));
      const client = clientOf(simulators, { tokenStore });
      await expect(client.findGamesById([halfLife2])).rejects.toThrow('bucket is gone');
      expect(await client.findGamesById([halfLife2])).toHaveLength(1);
      expect(tokenRequests(simulators)).toHaveLength(1);
    }));
});
