import { readEnrichedLibrary } from '@savepoint/core/contracts/enriched-library.ts';
import type { IgdbCatalogue, TimesToBeat } from '@savepoint/core/matching/igdb-game.ts';
import { chunksOf, collect } from '../../support/bytes.ts';
import {
  createEnrichmentPorts,
  enrich,
  enrichedKeyOf,
  rawKeyOf,
} from '../../support/enrichment-in-memory.ts';
import { createCatalogue, game } from './igdb-in-memory.ts';

const times: TimesToBeat = {
  timeToBeatHastilySeconds: 10_000,
  timeToBeatNormallySeconds: 12_000,
  timeToBeatCompletelySeconds: null,
};

/** IGDB knows apps 1 to 3 by uid, 3 being the game of 2, and how long games 101 and 900 take. */
function createIgdb() {
  const portal = game(102, 'Portal');
  const uids = new Map([
    [1, [game(101, 'Hades')]],
    [2, [portal]],
    [3, [portal]],
  ]);
  const { igdb, times: asked } = createCatalogue([game(900, 'Pinned')], uids);
  const timed: IgdbCatalogue = {
    ...igdb,
    findTimesToBeat: async (igdbIds) => {
      await igdb.findTimesToBeat(igdbIds);
      return new Map([101, 900].map((igdbId) => [igdbId, times]));
    },
  };
  return { igdb: timed, asked };
}

const file = 'appid,name\n1,Hades\n2,Portal\n3,Portal\n4,Unknown\n';

async function rowsOf(objects: ReadonlyMap<string, string>) {
  const batches = await collect(readEnrichedLibrary(chunksOf(objects.get(enrichedKeyOf('a'))!)));
  return new Map(batches.flatMap(({ rows }) => rows).map((row) => [row.appId, row]));
}

test('each game that was found now is asked for once, and what IGDB tells stands in the file', async () => {
  const { igdb, asked } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb, new Map([[rawKeyOf('a'), file]]));
  await enrich(['a'], ports);
  expect(asked).toEqual([[101, 102]]);
  const rows = await rowsOf(objects);
  expect(rows.get(1)?.game).toMatchObject(times);
  expect(rows.get(2)?.game).toMatchObject({ igdbId: 102, timeToBeatNormallySeconds: null });

  // A warm instance knows them with their games.
  await enrich(['a'], ports);
  expect(asked).toHaveLength(1);
  expect((await rowsOf(objects)).get(1)?.game).toMatchObject(times);
});

test('a pinned game is asked for as well', async () => {
  const { igdb, asked } = createIgdb();
  const overrides = 'appid,igdb_id\n4,900\n';
  const { ports, objects } = createEnrichmentPorts(
    igdb,
    new Map([
      [rawKeyOf('a'), file],
      ['overrides', overrides],
    ]),
  );
  await enrich(['a'], ports);
  expect(asked).toEqual([[101, 102, 900]]);
  expect((await rowsOf(objects)).get(4)?.game).toMatchObject({ igdbId: 900, ...times });
});

test('nobody asks when nothing was found, or the time is over', async () => {
  const { igdb, asked } = createIgdb();
  const nothing = createEnrichmentPorts(igdb, new Map([[rawKeyOf('a'), 'appid,name\n4,Unknown\n']]));
  await enrich(['a'], nothing.ports);
  let calls = 0;
  const late = createEnrichmentPorts(igdb, new Map([[rawKeyOf('a'), 'appid,name\n1,Hades\n']]));
  await enrich(
    ['a'],
    {
      ...late.ports,
      igdb: {
        ...igdb,
        findGamesBySteamAppId: async (ids) => {
          calls += 1;
          return igdb.findGamesBySteamAppId(ids);
        },
      },
    },
    () => calls > 0,
  );
  expect(asked).toEqual([]);
  expect((await rowsOf(late.objects)).get(1)?.matchStatus).toBe('MATCHED');
});
