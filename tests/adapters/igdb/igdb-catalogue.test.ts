import { game, numbers, withRows } from './igdb-rows.ts';
import { clientOf, igdbRequests, withIgdb } from './igdb-under-test.ts';

test('a full page of ids is one request; what IGDB does not know is left out', () =>
  withIgdb(
    async (simulators) => {
      const games = await clientOf(simulators).findGamesById(numbers(500));
      expect(games).toHaveLength(450);
      expect(igdbRequests(simulators)).toHaveLength(1);
    },
    withRows({ games: numbers(450).map((id) => game(id)) }),
  ));

test('no fields that IGDB has given up are asked for, anywhere', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators);
    await client.findGamesBySteamAppId([220]);
    await client.findGamesById([233]);
    await client.findGamesByName(['Portal'], []);
    await client.searchGames(['Portal']);
    const queries = igdbRequests(simulators).map(({ body }) => body);
    expect(queries).toHaveLength(4);
    for (const query of queries) expect(query).not.toMatch(/\b(category|status|collection|follows)\b/);
  }));

test('more than fits into one request is a mistake of the caller', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators);
    await expect(client.findGamesBySteamAppId(numbers(401))).rejects.toThrow(RangeError);
    await expect(client.findGamesById(numbers(501))).rejects.toThrow(RangeError);
    await expect(client.findGamesByName(numbers(201).map(String), [])).rejects.toThrow(RangeError);
    await expect(client.findGamesByOtherCase(numbers(41).map(String))).rejects.toThrow(RangeError);
    expect(igdbRequests(simulators)).toEqual([]);
  }));

test('no ids, no request', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators);
    expect(await client.findGamesBySteamAppId([])).toEqual(new Map());
    expect(await client.findGamesById([])).toEqual([]);
    expect(await client.searchGames([])).toEqual([]);
    expect(simulators.requests).toEqual([]);
  }));

test('a server that ignores the offset is given up on', () =>
  withIgdb(async (simulators) => {
    const page = JSON.stringify(numbers(500).map((id) => ({ id, uid: '10', game: 1 })));
    simulators.faults.igdb.push({ status: 200, body: page, times: 1000 });
    await expect(clientOf(simulators).findGamesBySteamAppId([10])).rejects.toMatchObject({
      code: 'IGDB_UNAVAILABLE',
      retryable: true,
    });
  }));
