import { setTimeout } from 'node:timers/promises';
import { failureOf } from '../http/test-server.ts';
import { clientOf, igdbRequests, tokenRequests, withIgdb } from './igdb-under-test.ts';

const halfLife2 = 233;

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
    const retries = { attempts: 5, baseSeconds: 600, maxSeconds: 600 };
    const catalogue = clientOf(simulators, { retries }).withSignal(AbortSignal.timeout(300));
    expect(await failureOf(catalogue.findGamesById([halfLife2]))).toMatchObject({ code: 'IGDB_DEADLINE' });
  }));

test('ends the wait for a token, which goes on for the others', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators, { timeoutSeconds: 2 });
    simulators.faults.twitch.push({ hang: true });
    const stopped = client.withSignal(AbortSignal.timeout(300)).findGamesById([halfLife2]);
    const other = client.findGamesById([halfLife2]);
    // Twitch has not answered when the first one ends.
    const endsFirst = failureOf(stopped).then((error) => ({
      error,
      tokens: tokenRequests(simulators).length,
    }));
    const [ended, games] = await Promise.all([endsFirst, other]);
    expect(ended).toMatchObject({ error: { code: 'IGDB_DEADLINE' }, tokens: 1 });
    expect(games).toHaveLength(1);
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
