import { lookUpGames } from '@savepoint/core/enrichment/look-up-games.ts';
import type { Refusal } from '@savepoint/core/enrichment/refused-step.ts';
import type { Match } from '@savepoint/core/matching/match.ts';
import type { Simulators } from '@savepoint/simulators/start-simulators.ts';
import { failureOf } from '../http/test-server.ts';
import { game, uidRow, withRows } from './igdb-rows.ts';
import { clientOf, igdbRequests, withIgdb } from './igdb-under-test.ts';

const refusal = {
  times: Number.POSITIVE_INFINITY,
  status: 400,
  body: '[{"title":"Syntax Error","status":400}]',
};
const retries = { attempts: 2, baseSeconds: 0.01, maxSeconds: 0.02 };

let refusals: Refusal[] = [];
beforeEach(() => {
  refusals = [];
});

async function lookUp(simulators: Simulators, names: Record<number, string>) {
  const matches = new Map<number, Match>();
  await lookUpGames(
    Object.entries(names).map(([appId, name]) => ({ appId: Number(appId), name })),
    clientOf(simulators, { retries }),
    {
      onResolved: (appId, match) => matches.set(appId, match),
      onRefusal: (refusal) => refusals.push(refusal),
    },
  );
  return matches;
}
const found = (igdbId: number, method: string) => ({ status: 'MATCHED', method, game: { igdbId } });

test('a name that IGDB refuses leaves its app pending with the reason, and the rest is found', () =>
  withIgdb(
    async (simulators) => {
      simulators.faults.igdb.push({ ...refusal, holding: 'Escape from' });
      const matches = await lookUp(simulators, { 1: 'Escape from "Planet X"', 2: 'Hades', 3: 'Ashen' });
      expect(matches.get(1)).toEqual({
        status: 'PENDING',
        reason: 'IGDB refuses to look for it (HTTP 400: Syntax Error); it is asked again',
        rejectedIds: [],
      });
      expect(matches.get(2)).toMatchObject(found(20, 'name'));
      expect(matches.get(3)).toMatchObject(found(30, 'name'));
      expect(refusals).toEqual([
        { step: 'name', whole_step: false, apps: 1, status: 400, title: 'Syntax Error' },
      ]);
    },
    withRows({ games: [game(20, 'Hades'), game(30, 'Ashen')] }),
  ));

test('so does a search that IGDB refuses', () =>
  withIgdb(
    async (simulators) => {
      simulators.faults.igdb.push({ ...refusal, holding: 'search "Переехала' });
      const matches = await lookUp(simulators, {
        1: 'Переехала на другую страницу',
        2: 'Метро 2033',
      });
      expect(matches.get(1)).toMatchObject({
        status: 'PENDING',
        reason: expect.stringContaining('HTTP 400'),
      });
      expect(matches.get(2)).toMatchObject(found(20, 'search'));
    },
    withRows({ games: [game(20, 'МЕТРО 2033')] }),
  ));

test('so does a uid of which IGDB fails', () =>
  withIgdb(
    async (simulators) => {
      simulators.faults.igdb.push({
        ...refusal,
        status: 500,
        body: 'no',
        path: 'external_games',
        holding: '"2"',
      });
      const matches = await lookUp(simulators, { 1: 'A Game', 2: 'B Game', 3: 'C Game' });
      expect(matches.get(1)).toMatchObject(found(10, 'uid'));
      expect(matches.get(2)).toMatchObject({
        status: 'PENDING',
        reason: expect.stringContaining('HTTP 500'),
      });
      expect(matches.get(3)).toMatchObject(found(30, 'uid'));
    },
    withRows({
      games: [game(10, 'A Game'), game(20, 'B Game'), game(30, 'C Game')],
      externalGames: [uidRow(1, 1, 10), uidRow(2, 2, 20), uidRow(3, 3, 30)],
    }),
  ));

test.each([
  { ...refusal, status: 500 },
  { ...refusal, status: 404, body: '<html>No such host</html>' },
  { ...refusal, body: 'Bad Request' },
])('an outage stays one: %j', (outage) =>
  withIgdb(async (simulators) => {
    simulators.faults.igdb.push(outage);
    const apps = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [index + 1, `Game ${index}`]));
    expect(await failureOf(lookUp(simulators, apps))).toMatchObject({ retryable: true });
    expect(refusals).toEqual([]);
    expect(igdbRequests(simulators).length).toBeLessThanOrEqual(2 * retries.attempts);
  }, withRows({})),
);

/** As IGDB's gateway says that an endpoint is gone. */
const gone = { ...refusal, status: 404, body: '{"message":"no Route matched with those values"}' };
const known = withRows({
  games: [game(10, 'Hades'), game(20, 'Ashen'), game(30, 'МЕТРО 2033')],
  externalGames: [uidRow(1, 1, 10)],
});
const names = { 1: 'Hades', 2: 'Ashen', 3: 'Метро 2033' };
/** Alone, and in a bundle with others. */
const refuseEndpoint = (endpoint: string, fault: typeof refusal) => [
  { ...fault, path: `/${endpoint}` },
  { ...fault, path: '/multiquery', holding: `query ${endpoint} ` },
];
const pendingOf = (what: string, status: number) => ({
  status: 'PENDING',
  reason: expect.stringContaining(`IGDB refuses to ${what} (HTTP ${status}`),
});

test.each([
  ['games', refusal],
  ['games', gone],
  ['alternative_names', gone],
])('what the uid step found stands when IGDB takes no question by name: /%s, %j', (path, fault) =>
  withIgdb(async (simulators) => {
    simulators.faults.igdb.push(...refuseEndpoint(path, fault));
    const matches = await lookUp(simulators, names);
    expect(matches.get(1)).toMatchObject(found(10, 'uid'));
    for (const appId of [2, 3])
      expect(matches.get(appId)).toMatchObject(pendingOf('look for games by name', fault.status));
    expect(refusals).toMatchObject([{ step: 'name', whole_step: true, apps: 2, status: fault.status }]);
    // No search: it would find less, and might find another game of the name.
    expect(igdbRequests(simulators).filter(({ body }) => body.includes('search'))).toEqual([]);
  }, known),
);

test('what was found by uid and name stands when IGDB takes no search', () =>
  withIgdb(async (simulators) => {
    simulators.faults.igdb.push({ ...refusal, holding: 'search' });
    const matches = await lookUp(simulators, names);
    expect(matches.get(1)).toMatchObject(found(10, 'uid'));
    expect(matches.get(2)).toMatchObject(found(20, 'name'));
    expect(matches.get(3)).toMatchObject(pendingOf('search for games', 400));
    expect(refusals).toMatchObject([{ step: 'search', whole_step: true, apps: 1 }]);
  }, known));

test('where IGDB takes no question by app id, nothing is looked for by name, which might be another game', () =>
  withIgdb(async (simulators) => {
    simulators.faults.igdb.push(...refuseEndpoint('external_games', gone));
    const apps = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [index + 1, `Game ${index}`]));
    const matches = await lookUp(simulators, apps);
    expect(matches.size).toBe(1500);
    for (const match of matches.values())
      expect(match).toMatchObject(pendingOf("look for games by Steam's app id", 404));
    expect(refusals).toMatchObject([{ step: 'uid', whole_step: true, apps: 1500 }]);
    // The bundle of the four that were under way at once, its parts, and the probe.
    expect(igdbRequests(simulators).length).toBeLessThanOrEqual(8);
  }, known));

test('the only game of the very name wins over the uid row of another name, at one more request', () =>
  withIgdb(
    async (simulators) => {
      const matches = await lookUp(simulators, { 234710: 'Poker Night 2', 620: 'Portal 2' });
      expect(matches.get(234710)).toMatchObject({ ...found(2, 'name'), rejectedIds: [1] });
      expect(matches.get(620)).toMatchObject(found(3, 'uid'));
      expect(igdbRequests(simulators).map(({ path }) => path)).toEqual(['/v4/external_games', '/v4/games']);
    },
    withRows({
      games: [game(1, 'Poker Night at the Inventory'), game(2, 'Poker Night 2'), game(3, 'Portal 2')],
      externalGames: [uidRow(1, 234710, 1), uidRow(2, 620, 3)],
    }),
  ));

test('the game of the uid stands when IGDB refuses to look for a namesake', () =>
  withIgdb(
    async (simulators) => {
      simulators.faults.igdb.push({ ...refusal, path: '/games', holding: 'Poker' });
      const matches = await lookUp(simulators, { 234710: 'Poker Night 2' });
      expect(matches.get(234710)).toMatchObject({
        ...found(1, 'uid'),
        reason: expect.stringContaining('by name IGDB refuses to look for it'),
      });
    },
    withRows({
      games: [game(1, 'Poker Night at the Inventory')],
      externalGames: [uidRow(1, 234710, 1)],
    }),
  ));

test('an app that IGDB knows under an alternative name is not asked for again', () =>
  withIgdb(
    async (simulators) => {
      const matches = await lookUp(simulators, { 40990: 'Mafia' });
      expect(matches.get(40990)).toMatchObject(found(1, 'uid'));
      expect(igdbRequests(simulators)).toHaveLength(1);
    },
    withRows({
      games: [game(1, 'Mafia: The City of Lost Heaven')],
      alternativeNames: [{ id: 5, name: 'Mafia', game: 1 }],
      externalGames: [uidRow(1, 40990, 1)],
    }),
  ));
