import { getAppTypes } from '@savepoint/adapters/steam/app-types.ts';
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
    expect(result).toEqual({ typeByAppId: new Map(), unansweredAppIds: new Set(numbers(30_000)) });
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
