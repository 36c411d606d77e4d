import { lookUpGames } from '@savepoint/core/enrichment/look-up-games.ts';
import { appsPerPortion } from '@savepoint/core/enrichment/look-up-portions.ts';
import type { Match } from '@savepoint/core/matching/match.ts';
import { type Catalogue, syntheticCatalogue } from '@savepoint/simulators/start-simulators.ts';
import {
  createEnrichmentPorts,
  enrich,
  enrichedKeyOf,
  rawKeyOf,
} from '../../support/enrichment-in-memory.ts';
import { clientOf, igdbRequests, withIgdb } from './igdb-under-test.ts';

/** What whole libraries cost of IGDB's four requests a second. */

async function measure(catalogue: Catalogue) {
  const matches = new Map<number, Match>();
  let requests = 0;
  await withIgdb(
    async (simulators) => {
      const client = clientOf(simulators);
      const apps = catalogue.apps.map(({ appid, name }) => ({ appId: appid, name }));
      for (let at = 0; at < apps.length; at += appsPerPortion)
        await lookUpGames(apps.slice(at, at + appsPerPortion), client, {
          onResolved: (appId, match) => matches.set(appId, match),
        });
      requests = igdbRequests(simulators).length;
    },
    { catalogue },
  );
  const matched = [...matches.values()].filter(({ status }) => status === 'MATCHED').length;
  return { requests, matched };
}

/** IGDB has a third of the apps by uid; the others it writes otherwise, by capitals, signs or numerals, or not at all. */
function badlyLinked(apps: number): Catalogue {
  const catalogue = syntheticCatalogue({ apps, knownByUid: 0.34, knownByName: 0.46 });
  const other = [
    (name: string) => name.toUpperCase(),
    (name: string) => name.replace(' ', '-'),
    (name: string) => `${name.replace(' ', ': ')}!`,
  ];
  const gameIdsByUid = new Set(catalogue.externalGames.map(({ game }) => game));
  const games = catalogue.games.map((game, index) =>
    gameIdsByUid.has(game.id) ? game : { ...game, name: other[index % other.length]!(game.name) },
  );
  return { ...catalogue, games };
}

test.each([
  [
    '1,000 apps, all known by uid',
    () => syntheticCatalogue({ apps: 1000, knownByUid: 1, knownByName: 0 }),
    1,
    1000,
  ],
  ['a mixed library of 1,000 apps', () => syntheticCatalogue({ apps: 1000 }), 3, 900],
  ['456 apps that IGDB links badly', () => badlyLinked(456), 3, 365],
  [
    '3,000 apps of which a third has no row for its uid',
    () => syntheticCatalogue({ apps: 3000, knownByUid: 2 / 3, knownByName: 0.05 }),
    6,
    2151,
  ],
])('%s', async (_what, catalogueOf, requests, matched) => {
  expect(await measure(catalogueOf())).toEqual({ requests, matched });
});

test.each([
  [1000, 1 + 1],
  // Thirteen questions by uid, ten about how long they take.
  [5000, 2 + 1],
])('how long games take is one request more for %i games', async (apps, requests) => {
  const catalogue = syntheticCatalogue({ apps, knownByUid: 1, knownByName: 0 });
  await withIgdb(
    async (simulators) => {
      const { ports, objects } = createEnrichmentPorts(clientOf(simulators));
      objects.set(
        rawKeyOf('a'),
        `appid,name\n${catalogue.apps.map(({ appid, name }) => `${appid},"${name}"\n`).join('')}`,
      );
      await enrich(['a'], ports);
      expect(igdbRequests(simulators).map(({ path }) => path)).toEqual(
        Array(requests).fill('/v4/multiquery'),
      );
      const [header = '', ...rows] = objects.get(enrichedKeyOf('a'))!.trim().split('\n');
      const column = header.split(',').indexOf('time_to_beat_normally_seconds');
      const timed = rows.filter((row) => Number(row.split(',').at(column - header.split(',').length)) > 0);
      // Half of the games were timed by somebody.
      expect(timed.length / apps).toBeCloseTo(0.5, 1);
    },
    { catalogue },
  );
});
