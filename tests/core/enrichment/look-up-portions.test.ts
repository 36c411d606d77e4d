import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import type { Freshness } from '@savepoint/core/contracts/fresh-run.ts';
import { appsPerPortion } from '@savepoint/core/enrichment/look-up-portions.ts';
import { IgdbApiError } from '@savepoint/core/errors.ts';
import { igdbEnrichment } from '@savepoint/core/stages/igdb-enrichment.ts';
import {
  createEnrichmentPorts,
  enrich,
  enrichedKeyOf,
  importIdOf,
  rawKeyOf,
} from '../../support/enrichment-in-memory.ts';
import { createCatalogue, game } from './igdb-in-memory.ts';

const appIds = Array.from({ length: 2 * appsPerPortion + 500 }, (_, index) => 1 + index);
const file = `appid,name\n${appIds.map((id) => `${id},Game ${id}\n`).join('')}`;
const inLastPortion = 2 * appsPerPortion + 100;

/** IGDB knows every app; `state.down` lets it fail for one of the last portion. */
function createIgdb() {
  const state = { down: false };
  const { igdb, requests } = createCatalogue(
    [],
    new Map(appIds.map((id) => [id, [game(10_000 + id, `Game ${id}`)]])),
  );
  const findGamesBySteamAppId: typeof igdb.findGamesBySteamAppId = async (ids) => {
    const found = await igdb.findGamesBySteamAppId(ids);
    if (state.down && ids.includes(inLastPortion))
      throw new IgdbApiError('IGDB_UNAVAILABLE', 'IGDB is down.', { retryable: true });
    return found;
  };
  const askedUids = () => requests.flatMap(({ kind, of }) => (kind === 'uid' ? of.map(Number) : []));
  return { igdb: { ...igdb, findGamesBySteamAppId }, requests, state, askedUids };
}

const idsIn = (csv: string | undefined) =>
  (csv ?? '')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[0]));

test('a library of several portions is written whole and in its order, each app asked for once', async () => {
  const { igdb, askedUids } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb, new Map([[rawKeyOf('a'), file]]));
  expect(await enrich(['a'], ports)).toMatchObject([
    { value: { processed: appIds.length, matched: appIds.length } },
  ]);
  expect(idsIn(objects.get(enrichedKeyOf('a')))).toEqual(appIds);
  expect(askedUids().sort((a, b) => a - b)).toEqual(appIds);
  expect([...objects.keys()].sort()).toEqual([enrichedKeyOf('a'), rawKeyOf('a')]);
});

test('when the last portion fails nothing is published, and the next attempt asks for no earlier one', async () => {
  const { igdb, requests, state, askedUids } = createIgdb();
  const objects = new Map([[rawKeyOf('a'), file]]);
  state.down = true;
  expect(await enrich(['a'], createEnrichmentPorts(igdb, objects).ports)).toMatchObject([
    { status: 'rejected', reason: { code: 'IGDB_UNAVAILABLE' } },
  ]);
  expect(objects.has(enrichedKeyOf('a'))).toBe(false);
  state.down = false;
  requests.length = 0;
  // Another instance: nothing in its memory.
  await enrich(['a'], createEnrichmentPorts(igdb, objects).ports);
  expect(Math.min(...askedUids())).toBeGreaterThan(2 * appsPerPortion);
  expect(idsIn(objects.get(enrichedKeyOf('a')))).toEqual(appIds);
  expect([...objects.keys()].sort()).toEqual([enrichedKeyOf('a'), rawKeyOf('a')]);
});

test('progress counts all portions', async () => {
  const { igdb } = createIgdb();
  const { ports } = createEnrichmentPorts(igdb, new Map([[rawKeyOf('a'), file]]));
  const told: { done: number; total: number }[] = [];
  let calls = 0;
  await igdbEnrichment([libraryKeyOf('raw', importIdOf('a'))], ports, {
    shouldStop: () => false,
    onRefusal: () => undefined,
    progress: (view) => {
      calls += 1;
      if (calls % 500 === 0) told.push(...view());
    },
  });
  const done = told.map((progress) => progress.done);
  expect(done).toEqual(Array.from({ length: appIds.length / 500 }, (_, index) => 500 * (index + 1)));
  expect(new Set(told.map(({ total }) => total))).toEqual(new Set([appIds.length]));
});

test('a run for the unmatched asks IGDB about those alone, and the store about nobody', async () => {
  const known = new Map([[1, [game(10_001, 'Game 1')]]]);
  const { igdb, requests } = createCatalogue([], known);
  const { ports } = createEnrichmentPorts(
    igdb,
    new Map([[rawKeyOf('a'), 'appid,name\n1,Game 1\n2,Game 2\n']]),
  );
  let asked: readonly number[] = [];
  const getAppTypes: typeof ports.getAppTypes = (appIds) => {
    asked = appIds;
    return ports.getAppTypes(appIds);
  };
  const run = (fresh?: Freshness) => {
    requests.length = 0;
    asked = [];
    const invocation = { shouldStop: () => false, progress: () => undefined, onRefusal: () => undefined };
    const key = { ...libraryKeyOf('raw', importIdOf('a')), fresh };
    return igdbEnrichment([key], { ...ports, getAppTypes }, invocation);
  };
  expect(await run()).toMatchObject([{ value: { matched: 1, unmatched: 1 } }]);
  const later = Math.floor(Date.now() / 1000) + 10;
  known.set(2, [game(10_002, 'Game 2')]);
  expect(await run()).toMatchObject([{ value: { matched: 1, unmatched: 1 } }]);
  expect(requests).toEqual([]);
  expect(await run({ of: 'unmatched', since: later })).toMatchObject([{ value: { matched: 2 } }]);
  expect(requests).toEqual([{ kind: 'uid', of: [2] }]);
  expect(asked).toEqual([]);
  await run({ of: 'all', since: later });
  expect(requests).toEqual([{ kind: 'uid', of: [1, 2] }]);
  expect(asked).toEqual([1, 2]);
});
