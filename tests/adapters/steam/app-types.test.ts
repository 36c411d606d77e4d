import { getAppTypes } from '@savepoint/adapters/steam/app-types.ts';
import { untoldStoreFacts } from '@savepoint/core/contracts/enriched-library.ts';
import { sampleCatalogue, startSimulators } from '@savepoint/simulators/start-simulators.ts';
import { type Handler, type Received, sendHtml, sendJson, withServer } from '../http/test-server.ts';

const idsOf = ({ url }: Received): number[] =>
  JSON.parse(url.searchParams.get('input_json') ?? '{}').ids.map(({ appid }: { appid: number }) => appid);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const games: Handler = (request, response) =>
  sendJson(response, {
    response: {
      store_items: idsOf(request).map((appid) => ({ appid, success: 1, name: `${appid}`, type: 4 })),
    },
  });

test('every app of the sample gets its type, whatever the order; what the store does not know is absent', async () => {
  const simulators = await startSimulators();
  try {
    const { apps } = sampleCatalogue();
    const { typeByAppId, unansweredAppIds } = await getAppTypes(
      apps.map(({ appid }) => appid),
      { apiUrl: simulators.steamApiUrl },
    );
    const listed = apps.filter(({ store }) => store === 'listed');
    expect(listed.length).toBeLessThan(apps.length);
    expect(typeByAppId).toEqual(new Map(listed.map(({ appid, type }) => [appid, type])));
    expect(unansweredAppIds.size).toBe(0);
    expect(simulators.requests).toHaveLength(Math.ceil(apps.length / 150));
  } finally {
    await simulators.close();
  }
});

test('an item is trusted only with success and a name, and only for an app that was asked for', async () => {
  const store_items = [
    { appid: 1, success: 1, name: 'A', type: 13 },
    { appid: 2, success: 1, name: 'No type' },
    { appid: 3, success: 1 },
    { appid: 4, success: 1, name: '', type: 4 },
    { appid: 5, success: 15, name: 'Gone', type: 4 },
    { appid: 6, name: 'No success', type: 4 },
    { appid: 7, success: 1, name: 'Odd', type: 'game' },
    { appid: 99, success: 1, name: 'Not asked for', type: 4 },
    null,
    'x',
  ];
  await withServer(
    (_, response) => sendJson(response, { response: { store_items } }),
    async ({ url }) => {
      const { typeByAppId, unansweredAppIds } = await getAppTypes(numbers(8), { apiUrl: url });
      expect([...typeByAppId]).toEqual([
        [1, 13],
        [2, 0],
      ]);
      // Silence is told apart from an app that the store does not know, or shows nobody.
      expect([...unansweredAppIds]).toEqual([6, 7, 8]);
    },
  );
});

test('what the store tells beside the type is read as far as it makes sense, in the same request', async () => {
  const details = {
    platforms: { windows: true, steam_deck_compat_category: 3 },
    reviews: { summary_filtered: { review_count: 12_345, percent_positive: 97, review_score: 9 } },
    release: { steam_release_date: 1_303_160_400 },
    assets: {
      asset_url_format: 'steam/apps/1/$' + '{FILENAME}?t=1745363004',
      header: '8de85f0fe24d/header.jpg',
      small_capsule: 'capsule_231x87.jpg',
    },
  };
  const odd = {
    platforms: 'linux',
    reviews: 'many',
    release: { is_coming_soon: 'soon' },
    assets: { asset_url_format: 'steam', header: 7 },
  };
  const store_items = [
    { appid: 1, success: 1, name: 'A', ...details },
    {
      appid: 2,
      success: 1,
      name: 'B',
      platforms: {},
      reviews: { summary_filtered: {} },
      release: { is_coming_soon: true },
    },
    { appid: 3, success: 1, name: 'C', release: { steam_release_date: 1, is_early_access: true } },
    { appid: 4, success: 1, name: 'D', type: 13, ...odd },
    { appid: 5, success: 15, ...details },
  ];
  await withServer(
    (_, response) => sendJson(response, { response: { store_items } }),
    async ({ url, received }) => {
      const { typeByAppId, factsByAppId } = await getAppTypes(numbers(5), { apiUrl: url });
      const none = Object.values(untoldStoreFacts);
      expect([...factsByAppId].map(([appId, facts]) => [appId, ...Object.values(facts)])).toEqual([
        [
          1,
          'verified',
          97,
          12_345,
          'released',
          'https://shared.akamai.steamstatic.com/store_item_assets/steam/apps/1/8de85f0fe24d/header.jpg',
        ],
        // A category that is left out is 0; a share of no reviews means nothing.
        [2, 'unknown', null, 0, 'coming_soon', null],
        [3, null, null, null, 'early_access', null],
        [4, ...none],
      ]);
      expect(none).toEqual([null, null, null, null, null]);
      expect(typeByAppId.get(4)).toBe(13);
      expect(received).toHaveLength(1);
      expect(JSON.parse(received[0]!.url.searchParams.get('input_json')!).data_request).toEqual({
        include_basic_info: true,
        include_platforms: true,
        include_reviews: true,
        include_release: true,
        include_assets: true,
      });
    },
  );
});

test('an app that the store does not show is answered for, though it names it by the id of the question alone', async () => {
  const store_items = [{ item_type: 0, id: 7, appid: 0, success: 15, name: '', visible: false }];
  await withServer(
    (_, response) => sendJson(response, { response: { store_items } }),
    async ({ url }) =>
      expect([...(await getAppTypes([7, 8], { apiUrl: url })).unansweredAppIds]).toEqual([8]),
  );
});

test('where the store does not take the longer question, the types are asked for as ever', async () => {
  const handler: Handler = (request, response) =>
    request.url.search.includes('include_reviews') ? sendHtml(response, 400) : games(request, response);
  await withServer(handler, async ({ url, received }) => {
    const { typeByAppId, factsByAppId } = await getAppTypes(numbers(1500), { apiUrl: url });
    expect(typeByAppId.size).toBe(1500);
    expect([...factsByAppId.values()]).toEqual(Array(1500).fill(untoldStoreFacts));
    // Ten batches, and those four that asked at once before it was known.
    expect(received.length).toBeLessThanOrEqual(14);
  });
});

test('each app is asked for once, 150 at a time, without a key', async () => {
  await withServer(games, async ({ url, received }) => {
    const { typeByAppId } = await getAppTypes([...numbers(400), ...numbers(400)], { apiUrl: url });
    expect(typeByAppId.size).toBe(400);
    expect(received.map((request) => idsOf(request).length).sort()).toEqual([100, 150, 150]);
    for (const request of received) expect(request.url.search).not.toContain('key');
  });
});

test('no apps, no request', async () => {
  await withServer(games, async ({ url, received }) => {
    expect(await getAppTypes([], { apiUrl: url })).toEqual({
      typeByAppId: new Map(),
      factsByAppId: new Map(),
      unansweredAppIds: new Set(),
    });
    expect(received).toEqual([]);
  });
});

test('a failing batch costs its own apps alone', async () => {
  const handler: Handler = (request, response) =>
    idsOf(request).includes(1) ? sendHtml(response, 503) : games(request, response);
  await withServer(handler, async ({ url }) => {
    const { typeByAppId, unansweredAppIds } = await getAppTypes(numbers(1000), { apiUrl: url });
    expect([...unansweredAppIds]).toEqual(numbers(150));
    expect(typeByAppId.size).toBe(850);
  });
});

test.each<[string, Handler]>([
  ['errors', (_, response) => sendHtml(response, 503)],
  ['says nothing', () => {}],
  ['limits the rate', (_, response) => sendHtml(response, 429)],
  ['talks HTML', (_, response) => sendHtml(response, 200)],
  ['has changed', (_, response) => sendJson(response, { items: [] })],
  ['answers nothing', (_, response) => sendJson(response, { response: {} })],
  [
    'answers for others',
    (_, response) => sendJson(response, { response: { store_items: [{ appid: 1e6, success: 1 }] } }),
  ],
])('a store that %s is not asked for ever, and fails nothing', async (_, handler) => {
  await withServer(handler, async ({ url, received }) => {
    const result = await getAppTypes(numbers(30_000), { apiUrl: url, timeoutSeconds: 0.3 });
    expect(result).toEqual({
      typeByAppId: new Map(),
      factsByAppId: new Map(),
      unansweredAppIds: new Set(numbers(30_000)),
    });
    expect(received.length).toBeLessThanOrEqual(8);
  });
});

test('a stop ends it with what is known', async () => {
  const stop = new AbortController();
  const handler: Handler = (request, response) => {
    if (!idsOf(request).includes(1)) stop.abort();
    return games(request, response);
  };
  await withServer(handler, async ({ url, received }) => {
    const { unansweredAppIds } = await getAppTypes(numbers(30_000), { apiUrl: url, signal: stop.signal });
    expect(unansweredAppIds.size).toBeGreaterThan(28_000);
    expect(received.length).toBeLessThan(10);
  });
});
