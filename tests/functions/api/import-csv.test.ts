import { startTestApi, type TestApi } from '../../support/api-under-test.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const csvType = { 'content-type': 'text/csv' };
const person = '76561197960287930';
const send = (
  body: string | Uint8Array<ArrayBuffer>,
  query = `?steam_id=${person}`,
  headers: Record<string, string> = csvType,
) => api.call(`/imports/csv${query}`, { method: 'POST', headers, body });

test('a file is put under raw/, as it is, and its import can be followed', async () => {
  const file = '\uFEFFappid;name\r\n220;Half-Life 2\r\n';
  const { status, body, headers } = await send(file);
  expect(status).toBe(202);
  expect(body).toEqual({
    import_id: expect.stringMatching(new RegExp(`^${person}-\\d{8}T\\d{9}Z$`)),
    steam_id: person,
    status: 'queued',
    status_url: `${api.url}/imports/${body.import_id}`,
  });
  expect(headers.get('location')).toBe(body.status_url);
  const stored = await api.aws.bucket.readBytes(`raw/steam-library-${body.import_id}.csv`);
  expect(Buffer.from(stored ?? []).toString()).toBe(file);
  const followed = await api.call(`/imports/${body.import_id}`);
  expect(followed.body).toMatchObject({ status: 'queued', steam_id: person });
});

test('a person may be named in any form, a vanity name too', async () => {
  const [, known] = await Promise.all([
    send('appid\n220\n'),
    send('appid\n220\n', '?steam_id=STEAM_0:0:11101'),
  ]);
  expect(known.body.steam_id).toBe(person);
  const named = await send('appid\n220\n', '?steam_id=savepoint-sample');
  expect(named.body.steam_id).toMatch(/^7656\d{13}$/);
});

test('two files at once are two imports, and neither is lost', async () => {
  const sent = await Promise.all(['220', '240', '400'].map((appid) => send(`appid\n${appid}\n`)));
  const ids = sent.map(({ body }) => String(body.import_id));
  expect(new Set(ids).size).toBe(3);
  const files = await Promise.all(ids.map((id) => api.aws.get(`raw/steam-library-${id}.csv`)));
  expect(files.sort()).toEqual(['appid\n220\n', 'appid\n240\n', 'appid\n400\n']);
});

test('single bad rows are for the stage to reject', async () => {
  expect((await send('appid\nx\n220\n')).status).toBe(202);
});

test.each([
  ['without a header row', 'x\n1\n', 400, 'CSV_HEADER_INVALID'],
  ['without a usable row', 'appid\nx\n', 400, 'CSV_NO_USABLE_ROWS'],
  ['that is no text', new Uint8Array([0x61, 0x70, 0xff, 0xff, 0x0a]), 400, 'CSV_NOT_UTF8'],
  ['that is too large', `appid\n${'220\n'.repeat(1_100_000)}`, 413, 'BODY_TOO_LARGE'],
])('a file %s is refused, and nothing is stored', async (_what, file, status, code) => {
  const before = await api.aws.keys();
  const answer = await send(file);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(await api.aws.keys()).toEqual(before);
});

test('what does not say whose it is, or that it is CSV, is refused', async () => {
  expect((await send('appid\n220\n', '')).body.code).toBe('PARAMETER_INVALID');
  expect((await send('appid\n220\n', '?steam_id=-')).status).toBe(400);
  const json = await send('appid\n220\n', `?steam_id=${person}`, { 'content-type': 'application/json' });
  expect([json.status, json.body.code]).toEqual([415, 'NOT_CSV']);
});
