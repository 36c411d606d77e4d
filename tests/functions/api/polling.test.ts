import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { jsonPost, startTestApi, type TestApi } from '../../support/api-under-test.ts';

/** What many ask for again and again is neither sent nor found out again and again. */
let api: TestApi;
let importId: string;
beforeAll(async () => {
  api = await startTestApi();
  for (const steamId of ['76561197960287930', '76561197960287931', '76561197960287932'])
    importId = String((await api.call('/imports', jsonPost({ steam_id: steamId }))).body.import_id);
});
afterAll(() => api.close());

const polled = [
  '/imports?max=25',
  '/imports/{import_id}',
  '/follows',
  '/overrides',
  '/dead-letters/causes',
  '/openapi.json',
  '/console/',
  '/console/config.json',
];

test.each(polled)('GET %s is not sent again while it is the same', async (template) => {
  const path = template.replace('{import_id}', importId);
  const first = await fetch(api.url + path);
  const etag = first.headers.get('etag') ?? '';
  expect([first.status, etag]).toEqual([200, expect.stringMatching(/^W\/"[\da-f]{40}"$/)]);
  expect(first.headers.get('cache-control')).toMatch(/no-cache/);
  await first.text();

  const same = await fetch(api.url + path, { headers: { 'if-none-match': `"other", ${etag}` } });
  expect([same.status, same.headers.get('etag'), await same.text()]).toEqual([304, etag, '']);
  expect(same.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
  const other = await fetch(api.url + path, { headers: { 'if-none-match': 'W/"other"' } });
  expect([other.status, other.headers.get('etag')]).toEqual([200, etag]);
});

test('what has changed is sent', async () => {
  const before = await fetch(`${api.url}/imports`);
  await before.text();
  await api.call('/imports', jsonPost({ steam_id: '76561197960287933' }));
  const headers = { 'if-none-match': before.headers.get('etag') ?? '' };
  expect((await fetch(`${api.url}/imports`, { headers })).status).toBe(200);
});

test('what is private is kept by nobody in between, and refusals by nobody', async () => {
  expect((await api.call('/imports')).headers.get('cache-control')).toBe('private, no-cache');
  const refused = await api.call('/imports?mxa=1');
  expect([refused.status, refused.headers.get('etag'), refused.headers.get('cache-control')]).toEqual([
    400,
    null,
    null,
  ]);
});

test('many who look at the queues cost S3 as much as one', async () => {
  const { length: open } = (await api.call('/imports')).body.imports as object[];
  const asked: string[] = [];
  const note = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    if (`http://${request.getHeader('host')}` === api.aws.endpoint && request.method === 'GET')
      asked.push(request.path);
  };
  subscribe('http.client.request.start', note);
  try {
    for (const { status, body } of await Promise.all(['', '', '', '', ''].map(() => api.call('/queues'))))
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { queues: [{ oldest_seconds: expect.any(Number) }, {}, {}] },
      });
  } finally {
    unsubscribe('http.client.request.start', note);
  }
  // The list of those that are open, and of each the request and what its three stages said.
  expect(asked.filter((path) => path.includes('prefix=open'))).toHaveLength(1);
  expect(asked).toHaveLength(1 + 4 * open);
});
