import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { sampleAccounts } from '@savepoint/simulators/start-simulators.ts';
import { jsonPost, startTestApi, type TestApi } from '../../support/api-under-test.ts';
import { drainQueue } from '../../support/queue.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const steamId = '76561197960287930';
const post = (body: unknown) => api.call('/imports', jsonPost(body));
const problem = (status: number, code: string, detail: string) => ({
  status,
  headers: expect.objectContaining({}),
  body: {
    type: 'about:blank',
    title: expect.any(String),
    status,
    code,
    detail: expect.stringContaining(detail),
  },
});

test('an import is accepted, queued, and can be followed where the answer says', async () => {
  const { status, headers, body } = await post({ steam_id: steamId });
  expect(status).toBe(202);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  const importId = String(body.import_id);
  expect(importId).toMatch(/^76561197960287930-\d{8}T\d{9}Z$/);
  expect(body).toEqual({
    import_id: importId,
    steam_id: steamId,
    status: 'queued',
    status_url: `${api.url}/imports/${importId}`,
  });
  expect(headers.get('location')).toBe(body.status_url);
  const [message] = await drainQueue(api.aws.sqs, api.aws.queues['steam-import'].queueUrl);
  expect(JSON.parse(message!.Body!)).toEqual({
    steam_id: steamId,
    import_id: importId,
    requested_at: expect.any(String),
  });
  const followed = await api.call(`/imports/${importId}`);
  expect(followed).toMatchObject({
    status: 200,
    body: { import_id: importId, steam_id: steamId, status: 'queued', result: null },
  });
  expect(followed.body.stages).toHaveLength(3);
});

test.each(['STEAM_0:0:11101', '[U:1:22202]', 'https://steamcommunity.com/profiles/76561197960287930/'])(
  '%s is the same person',
  async (typed) => expect((await post({ steam_id: typed })).body.steam_id).toBe(steamId),
);

test.each([
  sampleAccounts.middling.vanityName,
  `https://steamcommunity.com/id/${sampleAccounts.middling.vanityName}/`,
])('%s is asked of Steam', async (typed) =>
  expect((await post({ steam_id: typed })).body.steam_id).toBe(sampleAccounts.middling.steamId),
);

test.each([
  ['no such name', { steam_id: 'nobody-at-all' }, 404, 'STEAM_PROFILE_NOT_FOUND', 'nobody-at-all'],
  ['a group', { steam_id: '[g:1:4]' }, 400, 'STEAM_ID_NOT_A_PERSON', 'begins with U'],
  ['an empty id', { steam_id: '' }, 400, 'STEAM_ID_UNREADABLE', 'is empty'],
  ['a number', { steam_id: 765 }, 400, 'BODY_INVALID', 'steam_id must be a string: a SteamID64 in quotes'],
  ['null', { steam_id: null }, 400, 'BODY_INVALID', 'steam_id must be a string'],
  [
    'a long text',
    { steam_id: 'x'.repeat(501) },
    400,
    'BODY_INVALID',
    'steam_id is longer than 500 characters',
  ],
  ['no id', {}, 400, 'BODY_INVALID', 'steam_id is missing'],
  ['a list', [], 400, 'BODY_INVALID', ''],
  ['a text', '"765"', 400, 'BODY_INVALID', 'must be an object like {"steam_id"'],
  ['broken JSON', '{"steam_id":', 400, 'BODY_INVALID', 'cannot be parsed'],
])('%s is refused', async (_what, body, status, code, detail) => {
  expect(await post(body)).toEqual(problem(status, code, detail));
});

test('a problem is told as one', async () => {
  expect((await post({})).headers.get('content-type')).toBe('application/problem+json');
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])(
  'a body of %s is refused',
  async (type) => {
    const init = { method: 'POST', headers: { 'content-type': type }, body: '{"steam_id":"765"}' };
    expect(await api.call('/imports', init)).toEqual(
      problem(415, 'NOT_JSON', 'content-type: application/json'),
    );
  },
);

test.each(['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.api+json'])(
  '%s is JSON',
  async (type) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': type },
      body: JSON.stringify({ steam_id: steamId }),
    };
    expect((await api.call('/imports', init)).status).toBe(202);
  },
);

const ofSize = (bytes: number) => {
  const body = JSON.stringify({ steam_id: steamId });
  return body.replace('}', `${' '.repeat(bytes - body.length)}}`);
};

test('a body of 16 KiB is taken, and one byte more refused', async () => {
  expect((await post(ofSize(16 * 1024))).status).toBe(202);
  expect(await post(ofSize(16 * 1024 + 1))).toEqual(problem(413, 'BODY_TOO_LARGE', '16 KiB'));
});

test('a body that does not tell its size is refused once it is too large', async () => {
  const request = httpRequest(`${api.url}/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
  });
  const answer = new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', async (response) =>
      resolve({ status: response.statusCode, body: await text(response) }),
    );
  });
  for (let sent = 0; sent < 5; sent += 1) request.write('x'.repeat(8 * 1024));
  request.end();
  const { status, body } = await answer;
  expect([status, JSON.parse(body).code]).toEqual([413, 'BODY_TOO_LARGE']);
});

test('while Steam is down, names are refused with Retry-After and ids are taken', async () => {
  api.simulators.faults.steam.push({ times: 1, status: 503, retryAfterSeconds: 7 });
  const down = await post({ steam_id: 'savepoint-sample' });
  expect(down).toEqual(problem(503, 'STEAM_UNAVAILABLE', 'Steam'));
  expect(down.headers.get('retry-after')).toBe('7');
  api.simulators.faults.steam.push({ times: 1, status: 429 });
  const limited = await post({ steam_id: 'savepoint-sample' });
  expect(limited).toEqual(problem(503, 'STEAM_RATE_LIMITED', 'Steam limits'));
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  api.simulators.faults.steam.push({ times: 9, status: 503 });
  expect((await post({ steam_id: steamId })).status).toBe(202);
  api.simulators.faults.steam.length = 0;
});

test("a key that Steam refuses is the service's own fault, and shown to nobody", async () => {
  api.simulators.faults.steam.push({
    times: 2,
    status: 403,
    body: '<html>Access is denied. verify your <pre>key=CANARY</pre></html>',
  });
  const answer = await post({ steam_id: 'savepoint-sample' });
  expect(answer).toEqual(problem(500, 'STEAM_KEY_REJECTED', 'misconfigured'));
  const said = JSON.stringify([answer, api.log.lines]);
  expect(said).not.toContain('CANARY');
  expect(said).not.toContain(api.simulators.steamApiKey);
  api.simulators.faults.steam.length = 0;
});

test.each([
  '/imports/76561197960287930-20200101T000000000Z',
  '/imports/nonsense',
  '/imports/..%2F..%2Fstatus',
  '/imports/%E0%A4',
  '/imports/%',
])('%s is no import', async (path) => {
  expect(await api.call(path)).toEqual(problem(404, 'IMPORT_NOT_FOUND', 'no import of this id'));
});

test('a person’s imports are listed, newest first, by any form of their id', async () => {
  const person = '76561197960287999';
  const ids: unknown[] = [];
  for (let count = 0; count < 3; count += 1) ids.unshift((await post({ steam_id: person })).body.import_id);
  const listed = async (query: string) => {
    const { status, body } = await api.call(`/imports?${query}`);
    expect(status).toBe(200);
    return (body.imports as { import_id: string }[]).map(({ import_id }) => import_id);
  };
  expect(await listed(`steam_id=${person}`)).toEqual(ids);
  expect(
    await listed(`steam_id=${encodeURIComponent(`https://steamcommunity.com/profiles/${person}`)}`),
  ).toEqual(ids);
  expect(await listed(`steam_id=${person}&max=2`)).toEqual(ids.slice(0, 2));
  expect(await listed('steam_id=76561197960287111')).toEqual([]);
  expect((await listed('max=100')).length).toBeGreaterThan(3);
  expect(await api.call('/imports?steam_id=')).toEqual(problem(400, 'STEAM_ID_UNREADABLE', 'is empty'));
});

test('an import’s apps and bad rows are read from its files, and it runs again from them', async () => {
  const id = '76561197960287930-2025-06-01';
  const path = `/imports/${id}`;
  expect(await api.call(`${path}/apps`)).toEqual(problem(404, 'IMPORT_NOT_FOUND', 'no import of this id'));
  expect(await api.call(`${path}/rejects`)).toEqual(problem(404, 'IMPORT_NOT_FOUND', 'no import of this id'));
  expect(await api.call(`${path}/rerun`, jsonPost({}))).toEqual(problem(404, 'OBJECT_NOT_FOUND', id));
  const asked = String((await post({ steam_id: steamId })).body.import_id);
  expect(await api.call(`/imports/${asked}/apps`)).toEqual(
    problem(404, 'APPS_NOT_FOUND', 'not enriched yet'),
  );

  const enriched = `enriched/steam-library-${id}-enriched.csv`;
  await api.aws.put(
    enriched,
    'appid,name,igdb_id,igdb_name,match_status,match_confidence,rejected_igdb_ids,candidates\n' +
      '220,Half-Life 2,233,Half-Life 2,MATCHED,0.6,5|6,5:Half-Life\n400,Portal,,,UNMATCHED,,,\n',
  );
  await api.aws.put(`rejects/steam-library-${id}.csv`, 'line,reason,record\n3,appid is missing,x\n');
  const { body } = await api.call(`${path}/apps?doubtful=true`);
  expect(body).toMatchObject({
    apps: [{ appid: 220, igdb_id: 233, candidates: [{ igdb_id: 5, name: 'Half-Life' }, { igdb_id: 6 }] }],
  });
  expect(await api.call(`${path}/apps?max=1`)).toMatchObject({ body: { next_cursor: '1' } });
  expect(await api.call(`${path}/apps?max=1&cursor=1`)).toMatchObject({ body: { apps: [{ appid: 400 }] } });
  expect((await api.call(`${path}/rejects`)).body).toEqual({
    rejects: [{ line: 3, reason: 'appid is missing', record: 'x' }],
  });
  for (const [query, code] of [
    ['match_status=matched', 'PARAMETER_INVALID'],
    ['doubtful=yes', 'PARAMETER_INVALID'],
    ['cursor=x', 'PARAMETER_INVALID'],
    ['unmatched', 'UNKNOWN_PARAMETER'],
  ])
    expect(await api.call(`${path}/apps?${query}`)).toMatchObject({ status: 400, body: { code } });

  const queueUrl = api.aws.queues['database-import'].queueUrl;
  await drainQueue(api.aws.sqs, queueUrl);
  expect(await api.call(`${path}/rerun`, jsonPost({ from: 'enriched' }))).toMatchObject({
    status: 202,
    body: { import_id: id, stage: 'database-import', s3_key: enriched },
  });
  expect(await drainQueue(api.aws.sqs, queueUrl)).toHaveLength(1);
  for (const [asks, code] of [
    [{ from: 'enriched', only: 'unmatched' }, 'FRESH_NEEDS_RAW'],
    [{ only: 'doubtful' }, 'BODY_INVALID'],
    [{ dryRun: true }, 'UNKNOWN_FIELD'],
  ] as const)
    expect(await api.call(`${path}/rerun`, jsonPost(asks))).toMatchObject({ status: 400, body: { code } });
});
