import { parseImportId } from '@savepoint/core/contracts/import-id.ts';
import { pendingKey } from '@savepoint/core/contracts/object-key.ts';
import type { Refusal } from '@savepoint/core/enrichment/refused-step.ts';
import { IgdbApiError } from '@savepoint/core/errors.ts';
import {
  createEnrichmentPorts,
  enrich,
  enrichedKeyOf,
  importIdOf,
  rawKeyOf,
} from '../../support/enrichment-in-memory.ts';

import { answersOf, appIds, createIgdb, down, library, rowsIn } from './known-igdb.ts';

test('several libraries are looked up together: each app is asked for once', async () => {
  const { igdb, askedUids } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), library(appIds(300)));
  objects.set(rawKeyOf('b'), library(appIds(300, 200)));
  objects.set(rawKeyOf('c'), library(appIds(300)));
  const counts = {
    processed: 300,
    matched: 300,
    unmatched: 0,
    filtered: 0,
    pending: 0,
    rejected: 0,
    overrides_rejected: 0,
  };
  expect(answersOf(await enrich(['a', 'b', 'c'], ports))).toEqual(
    ['a', 'b', 'c'].map((name) => ({ s3_key: enrichedKeyOf(name), ...counts })),
  );
  expect(askedUids().sort((x, y) => x - y)).toEqual(appIds(499));
});

test('after IGDB failed halfway, nothing is published, and the next attempt asks for the rest alone', async () => {
  const { igdb, failing, askedUids, requests } = createIgdb(new Set([500]));
  const objects = new Map([[rawKeyOf('a'), library(appIds(900))]]);
  expect(answersOf(await enrich(['a'], createEnrichmentPorts(igdb, objects).ports))).toEqual([
    'IGDB_UNAVAILABLE',
  ]);
  expect(
    [...objects.keys()].filter((key) => key.startsWith('enriched/') || key.startsWith('rejects/')),
  ).toEqual([]);
  failing.clear();
  requests.length = 0;
  // Another instance: nothing in its memory.
  const next = createEnrichmentPorts(igdb, objects);
  expect(answersOf(await enrich(['a'], next.ports))).toMatchObject([{ processed: 900, matched: 900 }]);
  const askedAgain = askedUids();
  expect(askedAgain).toContain(500);
  expect(askedAgain.length).toBeLessThanOrEqual(400);
  expect(rowsIn(objects.get(enrichedKeyOf('a')))).toBe(900);
  expect([...objects.keys()].sort()).toEqual([enrichedKeyOf('a'), rawKeyOf('a')]);
});

test('a library whose apps are all known is published although IGDB failed for another', async () => {
  const { igdb } = createIgdb(new Set([2000]));
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('known'), library(appIds(5)));
  await enrich(['known'], ports);
  objects.delete(enrichedKeyOf('known'));
  objects.set(rawKeyOf('other'), library([2000]));
  expect(answersOf(await enrich(['other', 'known'], ports))).toMatchObject([
    'IGDB_UNAVAILABLE',
    { matched: 5 },
  ]);
  expect(objects.has(enrichedKeyOf('known'))).toBe(true);
});

test('a warm instance asks for nothing twice', async () => {
  const { igdb, requests } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), library(appIds(10)));
  await enrich(['a'], ports);
  requests.length = 0;
  const first = objects.get(enrichedKeyOf('a'));
  await enrich(['a'], ports);
  expect(requests).toEqual([]);
  expect(objects.get(enrichedKeyOf('a'))).toBe(first);
});

test('work that runs out of time keeps what it found, and is tried again', async () => {
  const { igdb, requests, askedUids } = createIgdb();
  const objects = new Map([[rawKeyOf('a'), library(appIds(2500))]]);
  const stopAfterTwo = () => requests.length >= 2;
  const [outcome] = await enrich(['a'], createEnrichmentPorts(igdb, objects).ports, stopAfterTwo);
  expect(outcome).toMatchObject({
    status: 'rejected',
    reason: { name: 'UnfinishedWork', code: 'IGDB_DEADLINE', retryable: true },
  });
  expect(objects.has(enrichedKeyOf('a'))).toBe(false);
  const asked = new Set(askedUids());
  requests.length = 0;
  await enrich(['a'], createEnrichmentPorts(igdb, objects).ports);
  expect(askedUids().filter((id) => asked.has(id))).toEqual([]);
  expect(rowsIn(objects.get(enrichedKeyOf('a')))).toBe(2500);
});

test('time that runs out without anything found is a failure', async () => {
  const { igdb } = createIgdb();
  const objects = new Map([[rawKeyOf('a'), library(appIds(3))]]);
  const [outcome] = await enrich(['a'], createEnrichmentPorts(igdb, objects).ports, () => true);
  expect(outcome).toMatchObject({ reason: { name: 'IgdbApiError', code: 'IGDB_DEADLINE' } });
});

test('a large library completes over as many invocations as it needs, asking nothing twice', async () => {
  const { igdb, requests, askedUids } = createIgdb();
  const objects = new Map([[rawKeyOf('a'), library(appIds(3000))]]);
  let invocations = 0;
  for (let done = false; !done && invocations < 50; invocations += 1) {
    const limit = requests.length + 2;
    const { ports } = createEnrichmentPorts(igdb, objects);
    const [outcome] = await enrich(['a'], ports, () => requests.length >= limit);
    done = outcome!.status === 'fulfilled';
    if (!done) expect(outcome).toMatchObject({ reason: { name: 'UnfinishedWork' } });
  }
  expect(invocations).toBeGreaterThan(3);
  expect(rowsIn(objects.get(enrichedKeyOf('a')))).toBe(3000);
  expect(new Set(askedUids()).size).toBe(askedUids().length);
});

test('a broken checkpoint costs only its lines', async () => {
  const { igdb, askedUids } = createIgdb();
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('a'), library(appIds(3)));
  const unmatched = { status: 'UNMATCHED', reason: 'x', rejectedIds: [] };
  objects.set(
    `checkpoint ${importIdOf('a')}`,
    `{"appId":1,\n${JSON.stringify({ appId: 2, steamType: null, match: unmatched })}\n`,
  );
  expect(answersOf(await enrich(['a'], ports))).toMatchObject([{ matched: 2, unmatched: 1 }]);
  expect(askedUids()).toEqual([1, 3]);
});

const refusedQuestion = new IgdbApiError('IGDB_QUERY_REFUSED', 'No.', {
  retryable: false,
  details: { status: 400, title: 'Invalid Field' },
});
/** IGDB knows apps 1 to 3000 by uid; by name it takes no question. */
const withoutNames = () => {
  const { igdb } = createIgdb();
  return { ...igdb, findGamesByName: () => Promise.reject(refusedQuestion) };
};
const markerOf = (name: string) => pendingKey(parseImportId(importIdOf(name)).importId);

test('what IGDB refuses to be asked is pending, told in the answer, and marked to be asked again', async () => {
  const { ports, objects } = createEnrichmentPorts(withoutNames());
  objects.set(rawKeyOf('a'), library([1, 2, 5000, 5001]));
  objects.set(rawKeyOf('b'), library([1, 2]));
  const refusals: Refusal[] = [];
  const answers = answersOf(
    await enrich(['a', 'b'], ports, undefined, { onRefusal: (refusal) => refusals.push(refusal) }),
  );
  expect(answers).toMatchObject([
    {
      matched: 2,
      unmatched: 0,
      pending: 2,
      warnings: [{ code: 'APPS_NOT_LOOKED_UP', message: expect.stringContaining('2 apps') }],
    },
    { matched: 2, pending: 0 },
  ]);
  expect(answers[1]).not.toHaveProperty('warnings');
  expect(refusals).toEqual([
    { step: 'name', whole_step: true, apps: 2, status: 400, title: 'Invalid Field' },
  ]);
  expect(objects.get(enrichedKeyOf('a'))).toContain(
    'IGDB refuses to look for games by name (HTTP 400: Invalid Field); it is asked again',
  );
  expect(JSON.parse(objects.get(markerOf('a'))!)).toEqual({ since: expect.any(String), tries: 0 });
  expect(objects.has(markerOf('b'))).toBe(false);
});

test('another try leaves the marker as it is while apps are open, and takes it away when none is', async () => {
  const objects = new Map([
    [rawKeyOf('a'), library([1, 5000])],
    [markerOf('a'), 'the second try'],
  ]);
  await enrich(['a'], createEnrichmentPorts(withoutNames(), objects).ports, undefined, { again: true });
  expect(objects.get(markerOf('a'))).toBe('the second try');
  // A marker that went meanwhile, because a newer import asks, does not come back.
  objects.delete(markerOf('a'));
  await enrich(['a'], createEnrichmentPorts(withoutNames(), objects).ports, undefined, { again: true });
  expect(objects.has(markerOf('a'))).toBe(false);

  objects.set(markerOf('a'), 'the third try');
  const { ports } = createEnrichmentPorts(createIgdb().igdb, objects);
  expect(answersOf(await enrich(['a'], ports, undefined, { again: true }))).toMatchObject([{ pending: 0 }]);
  expect(objects.has(markerOf('a'))).toBe(false);
});

test('a marker that cannot be written fails the library, because its apps would be forgotten', async () => {
  const { ports, objects } = createEnrichmentPorts(withoutNames());
  objects.set(rawKeyOf('a'), library([1, 5000]));
  const pending = { ...ports.pending, write: () => Promise.reject(down) };
  expect(answersOf(await enrich(['a'], { ...ports, pending }))).toEqual(['IGDB_UNAVAILABLE']);
  expect(objects.has(enrichedKeyOf('a'))).toBe(false);
});
