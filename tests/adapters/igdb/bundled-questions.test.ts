import { failureOf } from '../http/test-server.ts';
import { game, withRows } from './igdb-rows.ts';
import { clientOf, fast, igdbRequests, withIgdb } from './igdb-under-test.ts';
import type { Simulators } from '@savepoint/simulators/start-simulators.ts';

const games = Array.from({ length: 12 }, (_, index) => game(index + 1, `Game ${index + 1}`));
const rows = withRows({ games });
const paths = (simulators: Simulators) =>
  igdbRequests(simulators).map(({ path }) => path.replace('/v4/', ''));
const bundles = (simulators: Simulators) =>
  igdbRequests(simulators)
    .filter(({ path }) => path === '/v4/multiquery')
    .map(({ body }) => body.match(/^query /gm)?.length);

/** One question a game, all asked at once; the names that came back, `null` for a failure. */
const askForAll = (
  client: Pick<ReturnType<typeof clientOf>, 'findGamesById'>,
  ids = games.map(({ id }) => id),
) =>
  Promise.all(
    ids.map((id) =>
      client.findGamesById([id]).then(
        ([found]) => found?.name,
        () => null,
      ),
    ),
  );
const allNames = games.map(({ name }) => name);
const badRequest = { status: 400, body: '[{"title":"Syntax Error","status":400}]' };

test('what is asked at the same time goes in requests of ten, each answer to whoever asked', () =>
  withIgdb(async (simulators) => {
    expect(await askForAll(clientOf(simulators))).toEqual(allNames);
    expect(bundles(simulators)).toEqual([10, 2]);
    expect(paths(simulators)).toHaveLength(2);
  }, rows));

test('a question alone is asked as always', () =>
  withIgdb(async (simulators) => {
    await clientOf(simulators).findGamesById([1]);
    expect(paths(simulators)).toEqual(['games']);
  }, rows));

test.each([
  ['refuses', badRequest],
  ['fails at', { status: 500 }],
  ['never answers', { hang: true }],
  ['answers nonsense to', { status: 200, body: '["0","1"]' }],
])(
  'where IGDB %s bundles, all is answered in smaller parts, and no bundle is sent for an hour',
  (_how, fault) =>
    withIgdb(async (simulators) => {
      let now = 0;
      const clock = {
        now: () => now,
        sleep: async (milliseconds: number) => {
          now += milliseconds;
        },
      };
      const client = clientOf(simulators, { timeoutSeconds: 0.3, clock });
      simulators.faults.igdb.push({ ...fault, path: 'multiquery', times: Number.POSITIVE_INFINITY });
      expect(await askForAll(client, [1, 2, 3, 4])).toEqual(allNames.slice(0, 4));
      const asked = paths(simulators).length;
      expect(await askForAll(client, [1, 2, 3, 4])).toEqual(allNames.slice(0, 4));
      expect(paths(simulators).slice(asked)).toEqual(Array(4).fill('games'));
      simulators.faults.igdb.length = 0;
      now += 3_600_001;
      expect(await askForAll(client, [1, 2, 3, 4])).toEqual(allNames.slice(0, 4));
      expect(paths(simulators).at(-1)).toBe('multiquery');
    }, rows),
);

test('one question that IGDB does not take fails alone, and bundles are not to blame', () =>
  withIgdb(async (simulators) => {
    simulators.faults.igdb.push({ ...badRequest, holding: 'id = (5)', times: Number.POSITIVE_INFINITY });
    const client = clientOf(simulators);
    const found = await askForAll(client);
    expect(found).toEqual(allNames.map((name) => (name === 'Game 5' ? null : name)));
    expect(await failureOf(client.findGamesById([5]))).toMatchObject({ code: 'IGDB_QUERY_REFUSED' });
    simulators.requests.length = 0;
    await askForAll(client, [1, 2, 3]);
    expect(bundles(simulators)).toEqual([3]);
  }, rows));

test('where IGDB is away, few requests tell so to everybody', () =>
  withIgdb(async (simulators) => {
    simulators.faults.igdb.push({ status: 503, times: Number.POSITIVE_INFINITY });
    expect(await askForAll(clientOf(simulators), [1, 2, 3, 4, 5, 6, 7, 8])).toEqual(Array(8).fill(null));
    expect(paths(simulators)).toEqual([
      ...Array(2).fill('multiquery'),
      ...Array(fast.retries.attempts).fill('games'),
    ]);
  }, rows));

test('what a bundle leaves out is asked for by itself', () =>
  withIgdb(async (simulators) => {
    simulators.faults.igdb.push({
      path: 'multiquery',
      status: 200,
      body: JSON.stringify([
        { name: '1', result: [{ id: 2, name: 'Game 2' }] },
        { name: '0', result: [{ id: 9 }] },
      ]),
    });
    expect(await askForAll(clientOf(simulators), [1, 2, 3])).toEqual(allNames.slice(0, 3));
    expect(paths(simulators)).toEqual(['multiquery', 'games', 'games']);
  }, rows));

test('an invocation whose time is over takes no other with it', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators);
    const over = AbortSignal.abort();
    const [ended, going] = await Promise.all([
      askForAll(client.withSignal(over), [1, 2]),
      askForAll(client, [3, 4]),
    ]);
    expect([ended, going]).toEqual([
      [null, null],
      ['Game 3', 'Game 4'],
    ]);
  }, rows));
