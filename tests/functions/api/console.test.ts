import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { startTestApi, type TestApi } from '../../support/api-under-test.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi(['a-token']);
});
afterAll(() => api.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(api.url + path, { headers });
const assetsOf = (page: string) => [...page.matchAll(/\/console\/(assets\/[\w.-]+)/g)].map(([path]) => path);

test.each([
  '/console',
  '/console/',
  '/console/imports/76561197960287930-20261123T043000123Z',
  '/console/nothing-here',
])('%s answers with the page, to anybody', async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(await answer.text()).toContain('<title>Savepoint</title>');
});

test('the page may load what is its own and covers of IGDB, and nobody may frame it', async () => {
  const { headers } = await get('/console/');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' https://images.igdb.com",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('its files are named by their content and kept for ever', async () => {
  const assets = assetsOf(await (await get('/console/')).text());
  expect(assets).toEqual([
    expect.stringMatching(/icon-[A-Z0-9]{8}\.svg$/),
    expect.stringMatching(/console-[A-Z0-9]{8}\.css$/),
    expect.stringMatching(/main-[A-Z0-9]{8}\.js$/),
  ]);
  const types = ['image/svg+xml', 'text/css; charset=utf-8', 'text/javascript; charset=utf-8'];
  for (const [index, path] of assets.entries()) {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(types[index]);
    expect(answer.headers.get('cache-control')).toMatch(/immutable/);
    expect((await answer.text()).length).toBeGreaterThan(100);
  }
});

test('whoever unpacks gets it packed, and whoever does not gets the same', async () => {
  const [, styles = ''] = assetsOf(await (await get('/console/')).text());
  const packed = await rawBody(styles, { 'accept-encoding': 'gzip' });
  const plain = await rawBody(styles, {});
  expect(packed.encoding).toBe('gzip');
  expect(plain.encoding).toBeUndefined();
  expect(gunzipSync(packed.body).equals(plain.body)).toBe(true);
});

test.each(['/console/assets/main-OLDHASH1.js', '/console/assets/..%2findex.html', '/console/assets/'])(
  '%s is no file',
  async (path) => {
    const answer = await api.call(path);
    expect(answer.status).toBe(404);
    expect(answer.body.code).toBe('FILE_NOT_FOUND');
  },
);

test('what the page must know of the deployment holds no secret', async () => {
  const answer = await api.call('/console/config.json');
  expect(answer.body).toEqual({ deployment: 'local', draws_covers: true, sign_in: null });
});

test('all together it is small', async () => {
  const page = await (await get('/console/')).text();
  let bytes = page.length;
  for (const path of assetsOf(page))
    bytes += (await rawBody(path, { 'accept-encoding': 'gzip' })).body.length;
  expect(bytes).toBeLessThan(90 * 1024);
});

/** As it comes over the wire; `fetch` unpacks. */
const rawBody = (path: string, headers: Record<string, string>) =>
  new Promise<{ body: Buffer; encoding: string | undefined }>((resolve, reject) => {
    request(api.url + path, { headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk as Buffer);
      resolve({ body: Buffer.concat(chunks), encoding: answer.headers['content-encoding'] });
    })
      .on('error', reject)
      .end();
  });

test('it may ask the issuer that signs people in, and where that gives its tokens', async () => {
  const signIn = { client_id: 'console', audience: 'savepoint', scope: 'operate' };
  for (const [issuer, token_origin, allowed] of [
    ['https://issuer.example/pool', null, "connect-src 'self' https://issuer.example"],
    [
      'https://issuer.example/pool',
      'https://tokens.example',
      "connect-src 'self' https://issuer.example https://tokens.example",
    ],
  ] as const) {
    const other = await startTestApi(null, { ...signIn, issuer, token_origin });
    const answer = await other.call('/console/config.json');
    await other.close();
    expect(answer.headers.get('content-security-policy')?.split('; ')).toContain(allowed);
    expect(answer.body.sign_in).toMatchObject({ issuer, client_id: 'console' });
  }
});
