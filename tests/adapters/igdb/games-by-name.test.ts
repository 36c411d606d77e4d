import { game, numbers, withRows } from './igdb-rows.ts';
import { clientOf, igdbRequests, withIgdb } from './igdb-under-test.ts';

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
      expect((await client.findGamesByName(['Portal'], [])).map(({ igdbId }) => igdbId)).toEqual([1, 5]);
      expect(await client.findGamesByName(['Aperture Game', 'Nothing'], [])).toMatchObject([
        { igdbId: 1, name: 'Portal', alternativeNames: ['Aperture Game'] },
      ]);
      const quakes = await client.findGamesByName(['Quake'], []);
      expect(quakes).toMatchObject([
        { igdbId: 3 },
        { igdbId: 2, alternativeNames: expect.arrayContaining(['Sequel of Portal', 'Quake']) },
      ]);
      expect(await client.findGamesByName(['Port'], [])).toEqual([]);
    }, rows));

  test('one request a call for names, alternative names and slugs, and none for no names', () =>
    withIgdb(async (simulators) => {
      const client = clientOf(simulators);
      await client.findGamesByName([], []);
      expect(igdbRequests(simulators)).toHaveLength(0);
      const found = await client.findGamesByName(['Portal', 'Quake', 'Portal'], ['portal-2', 'no-game']);
      expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(['Portal', 'Portal 2']));
      const [{ path, body } = { path: '', body: '' }, ...others] = igdbRequests(simulators);
      expect([path, body.match(/^query \w+/gm), others]).toEqual([
        '/v4/multiquery',
        ['query alternative_names', 'query games', 'query games'],
        [],
      ]);
    }, rows));

  test.each(['Say "Hello" \\ Wave', 'Tom Clancy’s The Division™'])('the name %p survives the query', (name) =>
    withIgdb(async (simulators) => {
      expect(await clientOf(simulators).findGamesByName([name], [])).toMatchObject([{ name }]);
    }, rows),
  );

  test.each(['"', '\\', '\\"; limit 1; fields *; where name = "x', 'a\nb\u0000', 'x\ud800'])(
    'the name %p finds nothing and breaks nothing',
    (name) =>
      withIgdb(async (simulators) => {
        expect(await clientOf(simulators).findGamesByName([name], [])).toEqual([]);
        expect(await clientOf(simulators).searchGames([name])).toEqual([expect.any(Array)]);
      }, rows),
  );

  test('bare ids of alternative names are looked up', () =>
    withIgdb(async (simulators) => {
      const body = JSON.stringify([{ id: 1, name: 'Aperture Game', game: 1 }]);
      simulators.faults.igdb.push({ path: 'alternative_names', status: 200, body });
      const games = await clientOf(simulators).findGamesByName(['Aperture Game'], []);
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
