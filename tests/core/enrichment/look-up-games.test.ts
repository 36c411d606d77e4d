import { IgdbApiError } from '@savepoint/core/errors.ts';
import type { Refusal } from '@savepoint/core/enrichment/refused-step.ts';
import { type LookUpOptions, lookUpGames } from '@savepoint/core/enrichment/look-up-games.ts';
import {
  type IgdbCatalogue,
  type IgdbGame,
  namesPerRequest,
  otherCasesPerRequest,
  uidsPerRequest,
} from '@savepoint/core/matching/igdb-game.ts';
import type { Match } from '@savepoint/core/matching/match.ts';
import { createCatalogue, game } from './igdb-in-memory.ts';

async function lookUp(
  apps: { appId: number; name: string }[],
  igdb: IgdbCatalogue,
  options: Partial<LookUpOptions> = {},
): Promise<Map<number, Match>> {
  const matches = new Map<number, Match>();
  await lookUpGames(apps, igdb, {
    onResolved: (appId, match) => {
      expect(matches.has(appId)).toBe(false);
      matches.set(appId, match);
    },
    ...options,
  });
  return matches;
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ appId: index + 1, name: `Game number ${index + 1}` }));

test('a thousand apps of known uid take three requests, each below the limit', async () => {
  const apps = numbered(1000);
  const { igdb, requests } = createCatalogue(
    [],
    new Map(apps.map((app) => [app.appId, [game(app.appId, app.name)]])),
  );
  const matches = await lookUp([...apps, ...apps], igdb);
  expect(requests.map(({ kind, of }) => [kind, of.length])).toEqual([
    ['uid', uidsPerRequest],
    ['uid', uidsPerRequest],
    ['uid', 200],
  ]);
  expect([...matches.values()].every((match) => match.status === 'MATCHED' && match.method === 'uid')).toBe(
    true,
  );
  expect(matches.size).toBe(1000);
});

test('what has no uid is found by name, by other letters or by search, and else reported as unmatched', async () => {
  const { igdb, requests } = createCatalogue([
    game(1, 'Sniper Elite III'),
    game(2, "Don't Scream", { alternativeNames: ['Cry Wolf'] }),
    game(3, 'Tesla vs. Lovecraft', { slug: 'tesla-vs-lovecraft' }),
    game(6, 'Blood Bowl III', { slug: 'blood-bowl-iii' }),
    game(7, 'Kenshi', { alternativeNames: ['The Long Road'] }),
    game(8, 'Die Gilde', { alternativeNames: ['世界 Guild'] }),
    game(4, 'Prey'),
    game(5, 'Prey'),
  ]);
  const matches = await lookUp(
    [
      { appId: 10, name: 'Sniper Elite III™' },
      { appId: 20, name: "DON'T SCREAM" },
      { appId: 21, name: 'Cry Wolf' },
      { appId: 30, name: 'Tesla vs Lovecraft' },
      { appId: 31, name: 'BLOOD BOWL 3' },
      { appId: 32, name: 'the long road' },
      { appId: 33, name: '世界 die gilde' },
      { appId: 40, name: 'Prey' },
      { appId: 50, name: 'Something Else' },
      { appId: 60, name: '' },
    ],
    igdb,
  );
  expect(
    [...matches].map(([appId, match]) => [appId, match.status === 'MATCHED' ? match.method : match.reason]),
  ).toEqual([
    [60, 'Steam gave no name to look for'],
    [10, 'name'],
    [20, 'name'],
    [21, 'alternative_name'],
    [30, 'name'],
    [31, 'name'],
    [40, 'several games bear this name and nothing tells them apart'],
    [33, 'search'],
    [32, 'alternative_name'],
    [50, 'IGDB has no game of this app id or name'],
  ]);
  expect(requests.map(({ kind }) => kind)).toEqual(['uid', 'name', 'otherCase', 'search']);
  // Of the others a slug says everything, so a search would find the same games again.
  expect(requests.at(-1)?.of).toEqual(['die gilde']);
});

test('an add-on that carries the uid gives way to the game of the name, and is kept as rejected', async () => {
  const addOn = game(8, 'Natural Selection 2 - Deluxe DLC', { gameType: 1 });
  const { igdb } = createCatalogue([game(7, 'Natural Selection 2')], new Map([[4920, [addOn]]]));
  const matches = await lookUp([{ appId: 4920, name: 'Natural Selection 2' }], igdb);
  expect(matches.get(4920)).toMatchObject({ game: { igdbId: 7 }, method: 'name', rejectedIds: [8] });
});

test('why an earlier step rejected its candidates outlives a search that finds none', async () => {
  const addOn = game(8, 'Natural Selection 2 - Deluxe DLC', { gameType: 1 });
  const { igdb } = createCatalogue([], new Map([[4920, [addOn]]]));
  const matches = await lookUp([{ appId: 4920, name: 'Natural Selection 2' }], igdb);
  expect(matches.get(4920)).toEqual({
    status: 'UNMATCHED',
    reason: 'IGDB has only an add-on here',
    rejectedIds: [8],
    candidates: [{ id: 8, name: 'Natural Selection 2 - Deluxe DLC' }],
  });
});

test('a hundred apps that IGDB does not know take few questions, and no search', async () => {
  const apps = numbered(100).map(({ appId, name }) => ({ appId, name: `THE ${name} & co - A GOLD Edition` }));
  const { igdb, requests } = createCatalogue([]);
  const matches = await lookUp(apps, igdb);
  expect(matches.size).toBe(100);
  const named = requests.filter(({ kind }) => kind === 'name');
  const otherCases = requests.filter(({ kind }) => kind === 'otherCase');
  for (const { of } of named) expect(of.length).toBeLessThanOrEqual(namesPerRequest);
  for (const { of } of otherCases) expect(of.length).toBeLessThanOrEqual(otherCasesPerRequest);
  expect([named.length, otherCases.length, requests.length]).toEqual([2, 5, 8]);
});

test('a failure keeps what was found, and only the rest has to be asked again', async () => {
  const apps = numbered(2000);
  const { igdb, requests } = createCatalogue(
    [],
    new Map(apps.map((app) => [app.appId, [game(app.appId, app.name)]])),
  );
  const failing: IgdbCatalogue = {
    ...igdb,
    findGamesBySteamAppId: async (appIds) => {
      if (appIds.includes(900)) throw new Error('IGDB is down');
      return igdb.findGamesBySteamAppId(appIds);
    },
  };
  const known = new Map<number, Match>();
  const onResolved = (appId: number, match: Match) => known.set(appId, match);
  await expect(lookUpGames(apps, failing, { onResolved })).rejects.toThrow('IGDB is down');
  expect(known.size).toBe(1600);

  requests.length = 0;
  const rest = apps.filter(({ appId }) => !known.has(appId));
  await lookUpGames(rest, igdb, { onResolved });
  expect(known.size).toBe(2000);
  expect(requests.flatMap(({ of }) => of)).toEqual(rest.map(({ appId }) => appId));
});

test('requests under way when another fails are still heard', async () => {
  const apps = numbered(800);
  const slow = Promise.withResolvers<ReadonlyMap<number, readonly IgdbGame[]>>();
  const { igdb } = createCatalogue([]);
  const known = new Map<number, Match>();
  const lookup = lookUpGames(
    apps,
    {
      ...igdb,
      findGamesBySteamAppId: (appIds) =>
        appIds.includes(1) ? slow.promise : Promise.reject(new Error('IGDB is down')),
    },
    { onResolved: (appId, match) => known.set(appId, match) },
  );
  setImmediate(() => slow.resolve(new Map([[1, [game(1, 'Game number 1')]]])));
  await expect(lookup).rejects.toThrow('IGDB is down');
  expect([...known.keys()]).toEqual([1]);
});

test('a stop sends nothing more and reports nothing that is not certain', async () => {
  const apps = numbered(1000);
  const { igdb, requests } = createCatalogue([]);
  const matches = await lookUp(apps, igdb, { shouldStop: () => requests.length >= 2 });
  expect(requests).toHaveLength(2);
  expect(matches.size).toBe(0);
  await lookUp(apps, igdb, { shouldStop: () => requests.length >= 7 });
  expect(requests.map(({ kind }) => kind).slice(2)).toEqual(['uid', 'uid', 'uid', 'name', 'name']);
});

test('no more questions are open at once than allowed, and all of those are used', async () => {
  const apps = numbered(400 * 50);
  const { igdb } = createCatalogue([], new Map(apps.map((app) => [app.appId, [game(app.appId, app.name)]])));
  let open = 0;
  let most = 0;
  const counting: IgdbCatalogue = {
    ...igdb,
    findGamesBySteamAppId: async (appIds) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
      return igdb.findGamesBySteamAppId(appIds);
    },
  };
  await lookUp(apps, counting);
  expect(most).toBe(40);
});

test('no apps, no requests', async () => {
  const { igdb, requests } = createCatalogue([]);
  await lookUp([], igdb);
  expect(requests).toEqual([]);
});

test('a step that IGDB refuses is over: what was not under way is not asked', async () => {
  const apps = numbered(uidsPerRequest * 60);
  const { igdb } = createCatalogue([]);
  let asked = 0;
  const refusing: IgdbCatalogue = {
    ...igdb,
    findGamesBySteamAppId: async () => {
      asked += 1;
      await new Promise(setImmediate);
      throw new IgdbApiError('IGDB_QUERY_REFUSED', 'No.', { retryable: false, details: { status: 404 } });
    },
  };
  const refusals: Refusal[] = [];
  const matches = await lookUp(apps, refusing, { onRefusal: (refusal) => refusals.push(refusal) });
  expect([...matches.values()].filter(({ status }) => status === 'PENDING')).toHaveLength(apps.length);
  expect(refusals).toMatchObject([{ step: 'uid', whole_step: true, apps: apps.length }]);
  // Forty at once, and the probe.
  expect(asked).toBe(41);
});
