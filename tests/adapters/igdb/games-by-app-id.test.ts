import { uidsPerRequest } from '@savepoint/core/matching/igdb-game.ts';
import { game, gog, numbers, uidRow, withRows } from './igdb-rows.ts';
import { clientOf, igdbRequests, withIgdb } from './igdb-under-test.ts';

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
        rating: expect.any(Number),
        ratingCount: expect.any(Number),
        criticRating: 64.45,
        themes: expect.any(Array),
        gameModes: expect.arrayContaining(['Single player']),
        playerPerspectives: expect.any(Array),
        developers: [expect.any(String)],
        publishers: [expect.any(String)],
        series: ['The Witcher'],
        websites: expect.arrayContaining(['https://the-witcher-3-wild-hunt.example']),
        timeToBeatHastilySeconds: null,
        timeToBeatNormallySeconds: null,
        timeToBeatCompletelySeconds: null,
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
      expect(found.get(30)?.[0]).toMatchObject({ genres: null, platforms: null, coverImageId: null });
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
      expect(body).not.toMatch(/where .*\burl\b/);
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
