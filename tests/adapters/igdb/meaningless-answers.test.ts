import { failureOf } from '../http/test-server.ts';
import { clientOf, fast, igdbRequests, withIgdb } from './igdb-under-test.ts';

const ok = (rows: unknown) => ({ status: 200, body: JSON.stringify(rows) });
const portal = { id: 71, name: 'Portal' };

describe.each<[string, (client: ReturnType<typeof clientOf>) => Promise<unknown>, unknown[]]>([
  [
    'external_games',
    (client) => client.findGamesBySteamAppId([400, 620]),
    [
      ['400', '620'],
      [7],
      [[{ uid: '400', game: 71 }]],
      [{ uid: '730', game: portal }],
      [
        { uid: '400', game: portal },
        { uid: '730', game: portal },
      ],
      [{ uid: '400', game: [portal] }],
      [{ uid: '400', game: 'Portal' }],
      [{ uid: '400', game: { game: portal } }],
      [{ uid: ['400'], game: portal }],
      [{ id: 71, name: 'Portal' }],
      [null],
    ],
  ],
  [
    'games by id',
    (client) => client.findGamesById([71]),
    [['Portal'], [{ id: '71' }], [{ game: portal }], [{ id: 72, name: 'Portal 2' }], [[portal]], [{}]],
  ],
  [
    'games by name',
    (client) => client.findNamesakes(['Portal']),
    [['Portal'], [{ result: [portal] }], [null]],
  ],
  [
    'searches',
    (client) => client.searchGames(['Portal']),
    [['Portal'], [{ result: [portal] }], [[portal]], [null]],
  ],
])('%s', (_, ask, answers) => {
  test.each(answers.map((rows) => [rows]))('%j is no answer', (rows) =>
    withIgdb(async (simulators) => {
      simulators.faults.igdb.push({ ...ok(rows), times: 100 });
      expect(await failureOf(ask(clientOf(simulators)))).toMatchObject({
        code: 'IGDB_UNAVAILABLE',
        retryable: true,
        details: { reason: 'rows that were not asked for' },
      });
      expect(igdbRequests(simulators)).toHaveLength(fast.retries.attempts);
    }),
  );
});

test('odd but harmless rows cost themselves alone', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators);
    const odd = {
      ...portal,
      genres: ['Puzzle', { id: 4_000_000_000, name: 'x' }, { id: 9, name: 'Puzzle' }],
    };
    simulators.faults.igdb.push(
      ok([null, {}, { uid: 400, game: odd }, { uid: '620', game: { id: 4_000_000_000, name: 'Far' } }]),
      ok([]),
    );
    const found = await client.findGamesBySteamAppId([400, 620]);
    expect([...found.keys()]).toEqual([400]);
    expect(found.get(400)?.[0]?.genres).toEqual([{ id: 9, name: 'Puzzle' }]);
    expect(await client.findGamesBySteamAppId([400])).toEqual(new Map());
  }));
