import { readEnrichedLibrary } from '@savepoint/core/contracts/enriched-library.ts';
import { createLookupMemory, defaultMemory } from '@savepoint/core/enrichment/lookup-memory.ts';
import type { IgdbEnrichmentPorts } from '@savepoint/core/stages/igdb-enrichment.ts';
import { chunksOf, collect } from '../../support/bytes.ts';
import {
  createEnrichmentPorts,
  enrich,
  enrichedKeyOf,
  importIdOf,
  rawKeyOf,
} from '../../support/enrichment-in-memory.ts';
import { createCatalogue, game } from './igdb-in-memory.ts';

const portal = 400;
const server = 740;
const startedAt = Date.UTC(2026, 10, 26);
const file = `appid,name\n${portal},Portal\n${server},Wallpaper Engine\n`;

/** An instance of enrichment with a clock of its own; its store is silent or healthy. */
function createInstance(objects = new Map([[rawKeyOf('a'), file]])) {
  const clock = { seconds: 0 };
  const store = { silent: false, asked: [] as number[] };
  const now = () => startedAt + clock.seconds * 1000;
  const { igdb, requests } = createCatalogue(
    [],
    new Map(
      [portal, server].map((appId) => [
        appId,
        [game(appId, appId === portal ? 'Portal' : 'Wallpaper Engine')],
      ]),
    ),
  );
  const getAppTypes: IgdbEnrichmentPorts['getAppTypes'] = async (appIds) => {
    store.asked.push(...appIds);
    return {
      typeByAppId: new Map(store.silent ? [] : appIds.map((appId) => [appId, appId === portal ? 0 : 6])),
      factsByAppId: new Map(),
      unansweredAppIds: new Set(store.silent ? appIds : []),
    };
  };
  const { ports } = createEnrichmentPorts(igdb, objects);
  const memory = { ...createLookupMemory({ ...defaultMemory, now }), ready: async () => undefined };
  const enrichedRows = async (more: Partial<IgdbEnrichmentPorts> = {}) => {
    await enrich(['a'], { ...ports, memory, now, getAppTypes, ...more });
    const batches = await collect(readEnrichedLibrary(chunksOf(objects.get(enrichedKeyOf('a'))!)));
    return batches.flatMap(({ rows }) => rows);
  };
  return { clock, store, requests, objects, enrichedRows, memory, now };
}

const secondsAt = (seconds: number) => startedAt / 1000 + seconds;

test('a store that is silent once is asked again, and its word holds from then on', async () => {
  const { clock, store, requests, enrichedRows } = createInstance();
  store.silent = true;
  expect(await enrichedRows()).toMatchObject([
    { appId: portal, classification: 'game', silentSources: ['steam'], learntAt: secondsAt(0) },
    { appId: server, classification: 'game', silentSources: ['steam'], learntAt: secondsAt(0) },
  ]);
  store.silent = false;
  clock.seconds = 30;
  requests.length = 0;
  expect(await enrichedRows()).toMatchObject([
    { classification: 'game', classificationSource: 'steam', silentSources: [], learntAt: secondsAt(30) },
    { classification: 'tool', classificationSource: 'steam', matchStatus: 'IGNORED', silentSources: [] },
  ]);
  // What IGDB said is not forgotten for that.
  expect(requests).toEqual([]);
});

test('a type that is remembered decides while the store is silent, with the time of its own', async () => {
  const { clock, store, enrichedRows } = createInstance();
  await enrichedRows();
  store.silent = true;
  store.asked.length = 0;
  clock.seconds = 24 * 3600;
  expect(await enrichedRows()).toMatchObject([
    { classification: 'game', classificationSource: 'steam', silentSources: [], learntAt: secondsAt(0) },
    { classification: 'tool', silentSources: [], learntAt: secondsAt(0) },
  ]);
  expect(store.asked).toEqual([]);
});

test('what an interrupted attempt found keeps its time; a line of before is of unknown age', async () => {
  const { objects, store, clock, enrichedRows } = createInstance();
  const unmatched = { status: 'UNMATCHED', reason: 'none', rejectedIds: [] };
  objects.set(
    `checkpoint ${importIdOf('a')}`,
    [
      { appId: portal, steamType: 0, storeAnswered: true, learntAt: secondsAt(-60), match: unmatched },
      { appId: server, steamType: 6, match: null },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
  clock.seconds = 60;
  expect(await enrichedRows()).toMatchObject([{ learntAt: secondsAt(-60) }, { learntAt: null }]);
  expect(store.asked).toEqual([]);
});

test('what this instance learnt later stands above what an interrupted attempt found', async () => {
  const { objects, enrichedRows } = createInstance();
  await enrichedRows();
  const line = {
    appId: server,
    steamType: null,
    storeAnswered: false,
    learntAt: secondsAt(-60),
    match: null,
  };
  objects.set(`checkpoint ${importIdOf('a')}`, `${JSON.stringify(line)}\n`);
  expect((await enrichedRows())[1]).toMatchObject({ classification: 'tool', silentSources: [] });
});

test('a library that tells no name does not decide for one that does', async () => {
  const { igdb, requests } = createCatalogue([game(1, 'Portal')]);
  const { ports, objects } = createEnrichmentPorts(igdb);
  objects.set(rawKeyOf('nameless'), 'appid\n400\n');
  objects.set(rawKeyOf('named'), 'appid,name\n400,Portal\n');
  expect(await enrich(['nameless'], ports)).toMatchObject([{ value: { unmatched: 1 } }]);
  expect(await enrich(['named'], ports)).toMatchObject([{ value: { matched: 1 } }]);
  const fresh = createEnrichmentPorts(igdb, objects).ports;
  requests.length = 0;
  expect(await enrich(['named', 'nameless'], fresh)).toMatchObject([
    { value: { matched: 1 } },
    { value: { matched: 1 } },
  ]);
  expect(requests.map(({ kind }) => kind)).toEqual(['uid', 'name']);
});

test('apps that the raw library lacks are noted with the enriched one, together with refused rows', async () => {
  const { objects, enrichedRows } = createInstance(new Map([[rawKeyOf('a'), `${file}x,Nothing\n`]]));
  const noted: number[] = [];
  await enrichedRows({
    notesOf: async () => ({ rejectedRows: 2, askedAgain: false }),
    createLibrary: async (_, { rejectedRows }) => {
      noted.push(rejectedRows);
      let text = '';
      return {
        write: async (lines) => {
          text += lines;
        },
        finish: async () => void objects.set(enrichedKeyOf('a'), text),
        discard: async () => undefined,
      };
    },
  });
  expect(noted).toEqual([3]);
});
