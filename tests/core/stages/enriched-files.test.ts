import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import { StorageError } from '@savepoint/core/errors.ts';
import { igdbEnrichment } from '@savepoint/core/stages/igdb-enrichment.ts';
import {
  createEnrichmentPorts,
  enrich,
  enrichedKeyOf,
  importIdOf,
  rawKeyOf,
} from '../../support/enrichment-in-memory.ts';
import { game } from '../enrichment/igdb-in-memory.ts';

import { answersOf, appIds, createIgdb, library, rowsIn } from './known-igdb.ts';

const rejectsKeyOf = (name: string) => `rejects/steam-library-${importIdOf(name)}.csv`;

test('bad files of a batch fail for themselves, each with its reason', async () => {
  const { igdb } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('good'), library(appIds(3)));
  objects.set(rawKeyOf('headless'), '570,Dota 2\n');
  objects.set(rawKeyOf('empty'), '');
  expect(answersOf(await enrich(['headless', 'good', 'missing', 'empty'], ports))).toEqual([
    'CSV_HEADER_INVALID',
    expect.objectContaining({ matched: 3 }),
    'OBJECT_NOT_FOUND',
    'CSV_NO_HEADER',
  ]);
  expect([...objects.keys()].filter((key) => key.startsWith('enriched/'))).toEqual([enrichedKeyOf('good')]);
});

test('bad rows are counted and kept with their lines; the others are enriched', async () => {
  const { igdb } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), 'appid,name\n1,Game 1\nx,bad\n2,"Game 2\n1,Game 1 again\n3,Game 3\n');
  expect(answersOf(await enrich(['a'], ports))).toMatchObject([{ processed: 2, matched: 2, rejected: 3 }]);
  const rejects = objects.get(`rejects/steam-library-${importIdOf('a')}.csv`)!;
  expect(rejects.split('\n').map((line) => line.slice(0, 2))).toEqual(['li', '3,', '4,', '5,', '']);
});

test('a file without a usable row fails for good, with its rejects; a header alone is an empty library', async () => {
  const { igdb, requests } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), 'appid\nx\n1.09E+06\n');
  objects.set(rawKeyOf('b'), 'appid\n');
  const [failed, empty] = await enrich(['a', 'b'], ports);
  expect(failed).toMatchObject({
    status: 'rejected',
    reason: {
      code: 'CSV_NO_USABLE_ROWS',
      retryable: false,
      message: expect.stringContaining(
        "None of the file's 2 rows can be used. Line 2: appid is not a whole number from 0 to 2147483647. Line 3: appid has lost",
      ),
    },
  });
  expect(objects.get(rejectsKeyOf('a'))).toMatch(/^line,reason,record\n2,.*,x\n3,.*\n$/);
  expect(objects.has(enrichedKeyOf('a'))).toBe(false);
  expect(empty).toMatchObject({ status: 'fulfilled', value: { processed: 0, rejected: 0 } });
  expect([rowsIn(objects.get(enrichedKeyOf('b'))), requests]).toEqual([0, []]);
});

test('the bad rows of an earlier file go once the corrected one is clean', async () => {
  const { igdb } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set('overrides', 'appid,igdb_id\n1,oops\n');
  objects.set(rawKeyOf('a'), 'appid\n1\nx\n');
  await enrich(['a'], ports);
  expect([objects.has(rejectsKeyOf('a')), objects.has('rejects/apps.csv')]).toEqual([true, true]);
  objects.set('overrides', 'appid,igdb_id\n1,none\n');
  objects.set(rawKeyOf('a'), 'appid\n1\n2\n');
  expect(answersOf(await enrich(['a'], ports))).toMatchObject([{ processed: 2, rejected: 0 }]);
  expect([objects.has(rejectsKeyOf('a')), objects.has('rejects/apps.csv')]).toEqual([false, false]);
});

test('the answer names the columns of a dropped file that were understood, and those that were left aside', async () => {
  const { igdb } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), 'App ID;Name;Hours;Shelf\n1;Game 1;0,5;top\n2;Game 2;1 day;\n');
  expect(answersOf(await enrich(['a'], ports))).toMatchObject([
    {
      processed: 2,
      rejected: 0,
      columns: {
        understood: { appid: 'App ID', name: 'Name', playtime_forever: 'Hours' },
        left_aside: ['Shelf'],
        unread: { playtime_forever: 1 },
      },
    },
  ]);
  expect(objects.get(enrichedKeyOf('a'))).toContain('\n1,Game 1,30,');
});

test('overrides stand above what is found, and their bad lines are kept apart', async () => {
  const { igdb } = createIgdb();
  const pinned = {
    ...igdb,
    findGamesById: async (ids: readonly number[]) => (ids.includes(77) ? [game(77, 'Pinned')] : []),
  };
  const { ports, objects } = createEnrichmentPorts(pinned);
  objects.set('overrides', 'appid,igdb_id,classification\n1,77,\n2,none,\n3,,tool\n4,78,\n5,oops,\n');
  objects.set(rawKeyOf('a'), library(appIds(5)));
  expect(answersOf(await enrich(['a'], ports))).toMatchObject([
    { matched: 2, unmatched: 2, filtered: 1, rejected: 0, overrides_rejected: 1 },
  ]);
  const rows = objects.get(enrichedKeyOf('a'))!.split('\n');
  expect(rows[1]).toMatch(/^1,.*,77,.*,override,1,pinned by an override/);
  expect(rows[2]).toContain('an override forbids a match');
  expect(rows[3]).toContain(',tool,IGNORED,override');
  expect(rows[4]).toContain('which IGDB does not know');
  expect(rows[5]).toContain(',10005,');
  expect(objects.get('rejects/apps.csv')).toContain('6,igdb_id is neither an IGDB id nor none');
});

test.each([
  ['no CSV', 'what is this', 'lacks the column appid'],
  ['blank', '', 'empty'],
])('overrides that are %s stop enrichment until they can be read', async (_, broken, reason) => {
  const { igdb, askedUids } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), library(appIds(2)));
  objects.set('overrides', broken);
  await expect(enrich(['a'], ports)).rejects.toMatchObject({
    code: 'OVERRIDES_UNUSABLE',
    retryable: true,
    operatorHint: expect.stringMatching(`^Correct overrides/apps.csv, .*${reason}`),
  });
  expect(askedUids()).toEqual([]);
  expect(objects.has(enrichedKeyOf('a'))).toBe(false);
  objects.set('overrides', 'appid,igdb_id\n2,none\n');
  expect(answersOf(await enrich(['a'], ports))).toMatchObject([{ matched: 1, unmatched: 1 }]);
});

test('where the store is silent, names tell what is no game, and IGDB is not asked for it', async () => {
  const { igdb, askedUids } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), 'appid,name\n1,Game 1\n2,Game 2 Soundtrack\n3,Game 3 Demo\n');
  expect(answersOf(await enrich(['a'], ports))).toMatchObject([{ matched: 1, filtered: 2 }]);
  expect(askedUids()).toEqual([1]);
});

test('where the store speaks, its word counts', async () => {
  const { igdb } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), 'appid,name\n1,Game 1\n2,Game 2\n');
  const getAppTypes = async () => ({
    typeByAppId: new Map([[2, 11]]),
    factsByAppId: new Map(),
    unansweredAppIds: new Set<number>(),
  });
  expect(answersOf(await enrich(['a'], { ...ports, getAppTypes }))).toMatchObject([
    { matched: 1, filtered: 1 },
  ]);
  expect(objects.get(enrichedKeyOf('a'))).toContain(',soundtrack,IGNORED,steam');
});

test.each(['createLibrary', 'saveCheckpoint', 'openCheckpoint', 'openOverrides', 'putRejects'] as const)(
  'a storage that fails at %s loses nothing: the work is tried again',
  async (port) => {
    const broken = new StorageError('STORAGE_UNAVAILABLE', 'S3 is down.', { retryable: true });
    const { igdb, failing } = createIgdb(port === 'saveCheckpoint' ? new Set([1]) : new Set());
    const { ports, objects } = createEnrichmentPorts(igdb);
    objects.set(rawKeyOf('a'), `${library(appIds(2))}x,bad\n`);
    const attempt = enrich(['a'], { ...ports, [port]: () => Promise.reject(broken) });
    const [outcome] = await attempt.catch(
      (reason): Awaited<ReturnType<typeof enrich>> => [{ status: 'rejected', reason }],
    );
    expect(outcome).toMatchObject({ status: 'rejected', reason: { retryable: true } });
    failing.clear();
    expect(answersOf(await enrich(['a'], ports))).toMatchObject([{ matched: 2, rejected: 1 }]);
  },
);

test('how far each library is can be seen while it is looked up', async () => {
  const { igdb } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), library(appIds(10)));
  const seen: { done: number; total: number }[][] = [];
  await igdbEnrichment(
    ['missing', 'a'].map((name) => libraryKeyOf('raw', importIdOf(name))),
    ports,
    { shouldStop: () => false, onRefusal: () => undefined, progress: (view) => seen.push(view()) },
  );
  expect(seen.every(([missing]) => missing?.total === 0)).toBe(true);
  expect(seen.at(-1)).toEqual([
    { done: 0, total: 0 },
    { done: 10, total: 10 },
  ]);
});
