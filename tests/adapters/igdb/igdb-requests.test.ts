import { createIgdbClient } from '@savepoint/adapters/igdb/igdb-client.ts';
import { requestLimitTooHigh } from '@savepoint/simulators/start-simulators.ts';
import { failureOf } from '../http/test-server.ts';
import { clientOf, createMemoryTokenStore, fast, igdbRequests, withIgdb } from './igdb-under-test.ts';

const halfLife2 = 233;

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
      await Promise.all([1, 2, 3].map(() => byItself(client).findGamesById([halfLife2])));
      const [refused, ...later] = igdbRequests(simulators).map(({ at }) => at);
      expect(later).toHaveLength(3);
      for (const at of later) expect(at - (refused ?? 0)).toBeGreaterThan(990);
    }));

  test('calls that come together are spaced by the share of one instance, measured at IGDB', () =>
    withIgdb(
      async (simulators) => {
        const client = clientOf(simulators, { instances: 1, limits: undefined });
        await Promise.all(Array.from({ length: 6 }, () => byItself(client).findGamesById([halfLife2])));
        const times = igdbRequests(simulators).map(({ at }) => at);
        expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan((5 * 275) / 2);
      },
      { igdbRequestsPerSecond: 4 },
    ));
});

/** Invocations that may end at different times share no request. */
const byItself = (client: ReturnType<typeof clientOf>) => client.withSignal(new AbortController().signal);

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
      // The second of three asks whether the fields were to blame.
      const asked = igdbRequests(simulators).map(({ body }) => /where id = [^;]*/.exec(body)?.[0]);
      expect(asked).toEqual(['where id = (233)', 'where id = 2147483647', 'where id = (233)']);
    }));

  test.each([400, 403, 404])('a %p that is not IGDB’s own word may pass', (status) =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ status });
      const error = await failureOf(clientOf(simulators).findGamesById([halfLife2]));
      expect(error).toMatchObject({ code: 'IGDB_QUERY_REFUSED', retryable: true });
    }),
  );
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
