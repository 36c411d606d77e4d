import { lookUpGames } from '@savepoint/core/enrichment/look-up-games.ts';
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

async function lookUp(simulators: Simulators, names: Record<number, string>) {
  const matches = new Map<number, Match>();
  await lookUpGames(
    Object.entries(names).map(([appId, name]) => ({ appId: Number(appId), name })),
    clientOf(simulators, { retries }),
    { onResolved: (appId, match) => matches.set(appId, match) },
  );
  return matches;
}
const found = (igdbId: number, method: string) => ({ status: 'MATCHED', method, game: { igdbId } });

test('a name that IGDB refuses leaves its app pending with the reason, and the rest is found', () =>
  withIgdb(
    async (simulators) => {
      simulators.faults.igdb.push({ ...refusal, path: '/games', holding: 'Escape from' });
      const matches = await lookUp(simulators, { 1: 'Escape from "Planet X"', 2: 'Hades', 3: 'Ashen' });
      expect(matches.get(1)).toEqual({
        status: 'PENDING',
        reason: 'IGDB refuses to look for it (HTTP 400: Syntax Error); it is asked again',
        rejectedIds: [],
      });
      expect(matches.get(2)).toMatchObject(found(20, 'name'));
      expect(matches.get(3)).toMatchObject(found(30, 'name'));
    },
    withRows({ games: [game(20, 'Hades'), game(30, 'Ashen')] }),
  ));

test('so does a search that IGDB refuses', () =>
  withIgdb(
    async (simulators) => {
      simulators.faults.igdb.push({ ...refusal, path: '/multiquery', holding: 'Migrated' });
      const matches = await lookUp(simulators, {
        1: 'Game Migrated to Another Steam Page',
        2: 'NieR:Automata',
      });
      expect(matches.get(1)).toMatchObject({
        status: 'PENDING',
        reason: expect.stringContaining('HTTP 400'),
      });
      expect(matches.get(2)).toMatchObject(found(20, 'search'));
    },
    withRows({ games: [game(20, 'NieR: Automata')] }),
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

test.each([refusal, { ...refusal, status: 500 }])('an outage stays one: %j', (outage) =>
  withIgdb(async (simulators) => {
    simulators.faults.igdb.push(outage);
    const apps = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [index + 1, `Game ${index}`]));
    expect(await failureOf(lookUp(simulators, apps))).toMatchObject({
      code: 'IGDB_UNAVAILABLE',
      retryable: true,
    });
    expect(igdbRequests(simulators).length).toBeLessThanOrEqual(2 * retries.attempts);
  }, withRows({})),
);

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
