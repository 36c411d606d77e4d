import { setTimeout } from 'node:timers/promises';
import { createIgdbClient } from '@savepoint/adapters/igdb/igdb-client.ts';
import { IgdbApiError } from '@savepoint/core/errors.ts';
import { requestLimitTooHigh } from '@savepoint/local/simulators/start-simulators.ts';
import { closedPort, everythingOf, failureOf, sendJson, withServer } from '../http/test-server.ts';
import { clientOf, createMemoryTokenStore, fast, igdbRequests, withIgdb } from './igdb-under-test.ts';

const halfLife2 = 233;
/** Longer than a test takes. */
const day = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString();
const tokenFor = (client_id: string) => ({ client_id, access_token: 'canary-token', expires_at: day });

describe('trouble that passes', () => {
  test.each([
    { status: 500 },
    { status: 502 },
    { status: 503, body: '{"message":"busy"}' },
    { status: 504 },
    { status: 408 },
    { status: 429 },
    { status: 200, body: '<html>maintenance</html>' },
    { status: 200, body: '{"message":"ok"}' },
    { disconnect: true },
  ])('%j three times is got over', (fault) =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ ...fault, times: 3 });
      const client = clientOf(simulators);
      expect(await client.findGamesById([halfLife2])).toHaveLength(1);
      expect(client.stats()).toEqual({
        requests: 4,
        rateLimited: fault.status === 429 ? 3 : 0,
        tokenRequests: 1,
      });
    }),
  );

  test('a request that is never answered is sent again', () =>
    withIgdb(async (simulators) => {
      const client = clientOf(simulators, { timeoutSeconds: 1 });
      simulators.faults.igdb.push({ hang: true });
      expect(await client.findGamesById([halfLife2])).toHaveLength(1);
    }));

  test('a 429 holds back everything else of the instance for as long as IGDB asks', () =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ status: 429, retryAfterSeconds: 1 });
      const client = clientOf(simulators, { limits: { requestsPerSecond: 1000, openRequests: 1 } });
      await Promise.all([1, 2, 3].map(() => client.findGamesById([halfLife2])));
      const [refused, ...later] = igdbRequests(simulators).map(({ at }) => at);
      expect(later).toHaveLength(3);
      for (const at of later) expect(at - (refused ?? 0)).toBeGreaterThan(990);
    }));

  test('calls that come together are spaced by the share of one instance, measured at IGDB', () =>
    withIgdb(
      async (simulators) => {
        const client = clientOf(simulators, { instances: 1, limits: undefined });
        await Promise.all(Array.from({ length: 6 }, () => client.findGamesById([halfLife2])));
        const times = igdbRequests(simulators).map(({ at }) => at);
        expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan((5 * 275) / 2);
      },
      { igdbRequestsPerSecond: 4 },
    ));
});

describe('trouble that stays', () => {
  test.each([
    [{ status: 503 }, 'IGDB_UNAVAILABLE'],
    [{ status: 200, body: '<html>' }, 'IGDB_UNAVAILABLE'],
    [{ disconnect: true }, 'IGDB_UNAVAILABLE'],
    [{ status: 429 }, 'IGDB_RATE_LIMITED'],
  ])('%j again and again is %s, to be tried later', (fault, code) =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ ...fault, times: 100 });
      const error = await failureOf(clientOf(simulators).findGamesById([halfLife2]));
      expect(error).toMatchObject({ code, retryable: true });
      expect(igdbRequests(simulators)).toHaveLength(fast.retries.attempts);
    }),
  );

  test.each([
    [429, 'IGDB_RATE_LIMITED'],
    [503, 'IGDB_UNAVAILABLE'],
  ])('a %p with a long Retry-After is left to the queue', (status, code) =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ status, retryAfterSeconds: 600 });
      const error = await failureOf(clientOf(simulators).findGamesById([halfLife2]));
      expect(error).toMatchObject({ code, retryable: true, retryAfterSeconds: 600 });
      expect(igdbRequests(simulators)).toHaveLength(1);
    }),
  );

  test('a query that IGDB refuses is not sent twice, and what IGDB says reaches the operator', () =>
    withIgdb(async (simulators) => {
      const body = '[{"title":"Syntax Error","status":400,"cause":"Expecting a STRING"}]';
      simulators.faults.igdb.push({ status: 400, body });
      const client = clientOf(simulators);
      const refused = await failureOf(client.findGamesById([halfLife2]));
      expect(refused).toMatchObject({
        code: 'IGDB_QUERY_REFUSED',
        retryable: false,
        operatorHint: expect.stringContaining('Syntax Error: Expecting a STRING'),
      });
      simulators.faults.igdb.push(requestLimitTooHigh);
      const limit = await failureOf(client.findGamesById([halfLife2]));
      expect(limit).toMatchObject({
        code: 'IGDB_QUERY_REFUSED',
        retryable: false,
        operatorHint: expect.stringContaining('limit too high'),
      });
      expect(igdbRequests(simulators)).toHaveLength(2);
    }));

  test.each([400, 403, 404])('a %p that is not IGDB’s own word may pass', (status) =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ status });
      const error = await failureOf(clientOf(simulators).findGamesById([halfLife2]));
      expect(error).toMatchObject({ code: 'IGDB_QUERY_REFUSED', retryable: true });
    }),
  );
});

describe('a stop', () => {
  test('ends a request under way and the wait behind it', () =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ hang: true });
      const client = clientOf(simulators, { limits: { requestsPerSecond: 1000, openRequests: 1 } });
      const stop = new AbortController();
      const catalogue = client.withSignal(stop.signal);
      const failures = [
        failureOf(catalogue.findGamesById([halfLife2])),
        failureOf(catalogue.searchGames(['Portal'])),
      ];
      while (igdbRequests(simulators).length === 0) await setTimeout(5);
      stop.abort();
      for (const error of await Promise.all(failures))
        expect(error).toMatchObject({ code: 'IGDB_DEADLINE', retryable: true });
      expect(igdbRequests(simulators)).toHaveLength(1);
    }));

  test('ends the wait after a failure', () =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ status: 503, times: 9 });
      const retries = { attempts: 5, baseDelaySeconds: 600, maxDelaySeconds: 600 };
      const catalogue = clientOf(simulators, { retries }).withSignal(AbortSignal.timeout(300));
      expect(await failureOf(catalogue.findGamesById([halfLife2]))).toMatchObject({ code: 'IGDB_DEADLINE' });
    }));

  test('ends the wait for a token, which goes on for the others', () =>
    withIgdb(async (simulators) => {
      const client = clientOf(simulators, { timeoutSeconds: 1 });
      simulators.faults.twitch.push({ hang: true });
      const stopped = client.withSignal(AbortSignal.timeout(50)).findGamesById([halfLife2]);
      const other = client.findGamesById([halfLife2]);
      expect(await failureOf(stopped)).toMatchObject({ code: 'IGDB_DEADLINE' });
      expect(await other).toHaveLength(1);
    }));

  test('that came before lets no request out', () =>
    withIgdb(async (simulators) => {
      const catalogue = clientOf(simulators).withSignal(AbortSignal.abort());
      expect(await failureOf(catalogue.findGamesById([halfLife2]))).toMatchObject({ code: 'IGDB_DEADLINE' });
      expect(simulators.requests).toEqual([]);
    }));

  test('of one batch leaves the client usable for the next', () =>
    withIgdb(async (simulators) => {
      const client = clientOf(simulators);
      await failureOf(client.withSignal(AbortSignal.abort()).findGamesById([halfLife2]));
      expect(await client.findGamesById([halfLife2])).toHaveLength(1);
    }));
});

test('more instances than IGDB’s limit can serve are refused at once', () => {
  const options = {
    apiUrl: 'http://127.0.0.1:1',
    tokenUrl: 'http://127.0.0.1:1',
    credentials: async () => ({ clientId: 'a', clientSecret: 'b' }),
    tokenStore: createMemoryTokenStore(),
  };
  expect(() => createIgdbClient({ ...options, instances: 5 })).toThrow(RangeError);
});

test('requests carry the client id, the token, and the query as text', async () => {
  await withServer(
    (_, response) => sendJson(response, []),
    async ({ url, received }) => {
      const client = createIgdbClient({
        apiUrl: `${url}/v4/`,
        tokenUrl: await closedPort(),
        credentials: async () => ({ clientId: 'the-client', clientSecret: 'x' }),
        tokenStore: createMemoryTokenStore(tokenFor('the-client')),
        ...fast,
      });
      await client.findGamesById([1]);
      expect(received[0]).toMatchObject({ method: 'POST', url: { pathname: '/v4/games' } });
      expect(received[0]?.headers).toMatchObject({
        'client-id': 'the-client',
        authorization: 'Bearer canary-token',
        'content-type': expect.stringContaining('text/plain'),
      });
      expect(received[0]?.body).toMatch(/^fields .*where id = \(1\); sort id asc; limit 500; offset 0;$/);
    },
  );
});

test.each([400, 401, 403, 404, 429, 500, 302])(
  'an answer with %p that repeats what it was sent does not bring secrets into the error',
  async (status) => {
    await withServer(
      ({ headers, body }, response) => {
        const echo = `${headers.authorization} ${body}`;
        sendJson(response, [{ title: echo, cause: echo, message: echo }], status);
      },
      async ({ url }) => {
        for (const token of [tokenFor('the-client'), null]) {
          const client = createIgdbClient({
            apiUrl: url,
            tokenUrl: url,
            credentials: async () => ({ clientId: 'the-client', clientSecret: 'canary-secret' }),
            tokenStore: createMemoryTokenStore(token),
            ...fast,
          });
          const error = await failureOf(client.findGamesById([1]));
          expect(error).toBeInstanceOf(IgdbApiError);
          expect(everythingOf(error)).not.toMatch(/canary-(secret|token)/);
          expect(everythingOf(error)).not.toContain(url);
        }
      },
    );
  },
);
