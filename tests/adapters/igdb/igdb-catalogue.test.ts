import { uidsPerRequest } from '@savepoint/core/igdb-game.ts';
import type { Catalogue } from '@savepoint/local/simulators/start-simulators.ts';
import { clientOf, igdbRequests, withIgdb } from './igdb-under-test.ts';

type Rows = Pick<Catalogue, 'games' | 'externalGames' | 'alternativeNames'>;
const steam = 1;
const gog = 5;

const game = (
  id: number,
  name = `Game ${id}`,
  more: Partial<Rows['games'][number]> = {},
): Rows['games'][number] => ({
  id,
  name,
  slug: `game-${id}`,
  summary: `About ${name}.`,
  game_type: 0,
  genres: [5, 31],
  platforms: [6, 14],
  updated_at: 1_700_000_000,
  ...more,
});
const uidRow = (
  id: number,
  uid: number,
  gameId: number | undefined,
  source = steam,
): Rows['externalGames'][number] => ({
  id,
  uid: String(uid),
  external_game_source: source,
  name: `Row ${id}`,
  url: `https://store.steampowered.com/app/${uid}/A_Slug/`,
  ...(gameId !== undefined && { game: gameId }),
});
const withRows = (rows: Partial<Rows>) => ({
  catalogue: { apps: [], games: [], externalGames: [], alternativeNames: [], ...rows },
});
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('games by Steam app id', () => {
  test('every field of a game comes through, genres and platforms with their names', () =>
    withIgdb(async (simulators) => {
      const games = (await clientOf(simulators).findGamesBySteamAppId([292030])).get(292030);
      expect(games).toEqual([
        {
          igdbId: 1942,
          slug: 'the-witcher-3-wild-hunt',
          name: 'The Witcher 3: Wild Hunt',
          summary: expect.any(String),
          releaseDate: '2015-05-19',
          coverImageId: 'co1wyy',
          genres: [
            { id: 12, name: 'Role-playing (RPG)' },
            { id: 31, name: 'Adventure' },
          ],
          platforms: expect.arrayContaining([{ id: 6, name: expect.stringContaining('PC') }]),
          gameType: 0,
          parentGameId: null,
          versionParentId: null,
          updatedAt: expect.any(Number),
        },
      ]);
    }));

  test('several games of one app are all kept, each once; an app that IGDB does not know is absent', () =>
    withIgdb(
      async (simulators) => {
        const found = await clientOf(simulators).findGamesBySteamAppId([10, 20, 30, 10]);
        expect([...found.keys()].sort()).toEqual([10, 20]);
        expect(found.get(10)?.map(({ igdbId }) => igdbId)).toEqual([1, 2]);
        expect(found.get(20)?.map(({ igdbId }) => igdbId)).toEqual([2]);
        expect(igdbRequests(simulators)).toHaveLength(1);
      },
      withRows({
        games: [game(1), game(2, 'Game 2', { parent_game: 1, version_parent: 1, game_type: 3 })],
        externalGames: [uidRow(1, 10, 1), uidRow(2, 10, 2), uidRow(3, 10, 1), uidRow(4, 20, 2)],
      }),
    ));

  test('duplicates fill the page, and what they push out is on the next one', () => {
    const apps = numbers(uidsPerRequest);
    const games = numbers(3).map((id) => game(id));
    // 1,200 rows for 400 apps; the last app's only row comes last.
    const rows = apps.slice(0, -1).flatMap((app) => games.map(({ id }) => uidRow(app * 10 + id, app, id)));
    const externalGames = [...rows, uidRow(900_000, uidsPerRequest, 1)].reverse();
    return withIgdb(async (simulators) => {
      const found = await clientOf(simulators).findGamesBySteamAppId(apps);
      expect(found.size).toBe(uidsPerRequest);
      for (const app of apps.slice(0, -1)) expect(found.get(app)).toHaveLength(3);
      const queries = igdbRequests(simulators).map(({ body }) => body);
      expect(queries).toHaveLength(3);
      expect(queries[2]).toMatch(/sort id asc; limit 500; offset 1000;/);
    }, withRows({ games, externalGames }));
  });

  test('a row that names no game is passed over', () =>
    withIgdb(
      async (simulators) => {
        const found = await clientOf(simulators).findGamesBySteamAppId([10, 20]);
        expect([...found.keys()]).toEqual([20]);
      },
      withRows({ games: [game(1)], externalGames: [uidRow(1, 10, undefined), uidRow(2, 20, 1)] }),
    ));

  test('bare ids and objects without a name are looked up', () =>
    withIgdb(
      async (simulators) => {
        const rows = [
          { id: 1, uid: '10', game: 1 },
          { id: 2, uid: 20, game: { id: 2 } },
          { id: 3, uid: '30', game: { id: 3, name: 'Game 3', genres: [5], platforms: null, cover: 7 } },
          { id: 4, uid: '40', game: 99 },
          { id: 5, uid: '50' },
          { id: 6, uid: '60', game: null },
          { id: 7, game: 1 },
          null,
        ];
        simulators.faults.igdb.push({ path: 'external_games', status: 200, body: JSON.stringify(rows) });
        const found = await clientOf(simulators).findGamesBySteamAppId([10, 20, 30, 40, 50, 60]);
        expect([...found].map(([app, games]) => [app, games.map(({ name }) => name)])).toEqual([
          [10, ['Game 1']],
          [20, ['Game 2']],
          [30, ['Game 3']],
        ]);
        expect(found.get(10)?.[0]?.genres).toHaveLength(2);
        expect(found.get(30)?.[0]).toMatchObject({ genres: [], platforms: [], coverImageId: null });
        expect(igdbRequests(simulators).map(({ path }) => path)).toEqual(['/v4/external_games', '/v4/games']);
      },
      withRows({ games: [game(1), game(2)] }),
    ));

  test('rows are found by uid and source, whatever the address in them; another shop’s uid is not Steam’s', () =>
    withIgdb(
      async (simulators) => {
        const found = await clientOf(simulators).findGamesBySteamAppId([10, 20]);
        expect([...found.keys()]).toEqual([20]);
        const body = igdbRequests(simulators)[0]?.body;
        expect(body).toContain('where external_game_source = 1 & uid = ("10","20");');
        expect(body).not.toMatch(/\burl\b/);
      },
      // Game 1 has uid 10 and it has a Steam row, but not on the same row.
      withRows({
        games: [game(1), game(2)],
        externalGames: [uidRow(1, 10, 1, gog), uidRow(2, 999, 1), uidRow(3, 20, 2)],
      }),
    ));

  test('a mapping that IGDB corrected is seen at the next call', () =>
    withIgdb(async (simulators) => {
      const client = clientOf(simulators);
      const idsOf = async () =>
        (await client.findGamesBySteamAppId([220])).get(220)?.map(({ igdbId }) => igdbId);
      expect(await idsOf()).toEqual([233]);
      simulators.control.mapUid(220, [71]);
      expect(await idsOf()).toEqual([71]);
      simulators.control.hideUids([220]);
      expect(await idsOf()).toBeUndefined();
    }));
});

describe('games by id', () => {
  test('a full page of ids is one request; what IGDB does not know is left out', () =>
    withIgdb(
      async (simulators) => {
        const games = await clientOf(simulators).findGamesById(numbers(500));
        expect(games).toHaveLength(450);
        expect(igdbRequests(simulators)).toHaveLength(1);
      },
      withRows({ games: numbers(450).map((id) => game(id)) }),
    ));
});

describe('games by name', () => {
  const rows = withRows({
    games: [
      game(1, 'Portal'),
      game(2, 'Portal 2'),
      game(3, 'Quake'),
      game(4, 'Say "Hello" \\ Wave'),
      game(5, 'Portal', { platforms: [8] }),
      game(6, 'Tom Clancy’s The Division™'),
    ],
    alternativeNames: [
      { id: 1, name: 'Aperture Game', game: 1 },
      { id: 2, name: 'Sequel of Portal', game: 2 },
      { id: 3, name: 'Quake', game: 2 },
      { id: 4, name: 'Nothing', game: 99 },
    ],
  });

  test('whole names are compared, alternative ones too, and every bearer of a name is given', () =>
    withIgdb(async (simulators) => {
      const client = clientOf(simulators);
      expect((await client.findGamesByName(['Portal'])).map(({ igdbId }) => igdbId)).toEqual([1, 5]);
      expect(await client.findGamesByName(['Aperture Game', 'Nothing'])).toMatchObject([
        { igdbId: 1, name: 'Portal', alternativeNames: ['Aperture Game'] },
      ]);
      const quakes = await client.findGamesByName(['Quake']);
      expect(quakes).toMatchObject([
        { igdbId: 3 },
        { igdbId: 2, alternativeNames: expect.arrayContaining(['Sequel of Portal', 'Quake']) },
      ]);
      expect(await client.findGamesByName(['Port'])).toEqual([]);
    }, rows));

  test('two requests a call, and none for no names', () =>
    withIgdb(async (simulators) => {
      const client = clientOf(simulators);
      await client.findGamesByName([]);
      expect(igdbRequests(simulators)).toHaveLength(0);
      await client.findGamesByName(['Portal', 'Quake', 'Portal']);
      expect(igdbRequests(simulators).map(({ path }) => path)).toEqual([
        '/v4/games',
        '/v4/alternative_names',
      ]);
    }, rows));

  test.each(['Say "Hello" \\ Wave', 'Tom Clancy’s The Division™'])('the name %p survives the query', (name) =>
    withIgdb(async (simulators) => {
      expect(await clientOf(simulators).findGamesByName([name])).toMatchObject([{ name }]);
    }, rows),
  );

  test.each(['"', '\\', '\\"; limit 1; fields *; where name = "x', 'a\nb\u0000', 'x\ud800'])(
    'the name %p finds nothing and breaks nothing',
    (name) =>
      withIgdb(async (simulators) => {
        expect(await clientOf(simulators).findGamesByName([name])).toEqual([]);
        expect(await clientOf(simulators).searchGames([name])).toEqual([expect.any(Array)]);
      }, rows),
  );

  test('bare ids of alternative names are looked up', () =>
    withIgdb(async (simulators) => {
      const body = JSON.stringify([{ id: 1, name: 'Aperture Game', game: 1 }]);
      simulators.faults.igdb.push({ path: 'alternative_names', status: 200, body });
      const games = await clientOf(simulators).findGamesByName(['Aperture Game']);
      expect(games).toMatchObject([{ igdbId: 1, name: 'Portal', alternativeNames: ['Aperture Game'] }]);
    }, rows));
});

describe('searches', () => {
  test('ten in one request, their results in the order of the titles', () =>
    withIgdb(async (simulators) => {
      const titles = ['Portal 2', 'Xyzzyplugh', ...Array.from({ length: 8 }, () => 'Half-Life 2')];
      const found = await clientOf(simulators).searchGames(titles);
      expect(found).toHaveLength(10);
      expect(found[0]?.map(({ name }) => name)).toContain('Portal 2');
      expect(found[1]).toEqual([]);
      expect(found[9]?.map(({ name }) => name)).toContain('Half-Life 2');
      expect(igdbRequests(simulators).map(({ path }) => path)).toEqual(['/v4/multiquery']);
    }));

  test('the game behind many editions of its name is still among the results', () =>
    withIgdb(
      async (simulators) => {
        const [found] = await clientOf(simulators).searchGames(['Portal']);
        expect(found?.[0]?.name).not.toBe('Portal');
        expect(found?.map(({ name }) => name)).toContain('Portal');
      },
      withRows({
        games: [game(1, 'Portal'), ...numbers(15).map((id) => game(100 + id, `Portal Edition ${id}`))],
      }),
    ));

  test('results are told apart by name, not by place', () =>
    withIgdb(async (simulators) => {
      const answer = [
        { name: '1', result: [{ id: 2, name: 'B' }] },
        { name: '2' },
        { name: '0', result: [{ id: 1, name: 'A' }, { id: 3 }] },
        { name: '7', result: [{ id: 4, name: 'D' }] },
        {},
      ];
      simulators.faults.igdb.push({ path: 'multiquery', status: 200, body: JSON.stringify(answer) });
      const found = await clientOf(simulators).searchGames(['a', 'b', 'c']);
      expect(found.map((games) => games.map(({ name }) => name))).toEqual([['A'], ['B'], []]);
    }, withRows({})));
});

test('no fields that IGDB has given up are asked for, anywhere', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators);
    await client.findGamesBySteamAppId([220]);
    await client.findGamesById([233]);
    await client.findGamesByName(['Portal']);
    await client.searchGames(['Portal']);
    const queries = igdbRequests(simulators).map(({ body }) => body);
    expect(queries).toHaveLength(5);
    for (const query of queries) expect(query).not.toMatch(/\b(category|status|collection|follows)\b/);
  }));

test('more than fits into one request is a mistake of the caller', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators);
    await expect(client.findGamesBySteamAppId(numbers(401))).rejects.toThrow(RangeError);
    await expect(client.findGamesById(numbers(501))).rejects.toThrow(RangeError);
    await expect(client.findGamesByName(numbers(201).map(String))).rejects.toThrow(RangeError);
    await expect(client.searchGames(numbers(11).map(String))).rejects.toThrow(RangeError);
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
