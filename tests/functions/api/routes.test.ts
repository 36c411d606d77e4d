import { createApiApp } from '@savepoint/functions/api/app.ts';
import { readTokens, scopeByGateway, scopeOf } from '@savepoint/functions/api/tokens.ts';
import { jsonPost, startTestApi, type TestApi } from '../../support/api-under-test.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { noConsole } from '../../support/no-console.ts';

const tokens = ['first-token', 'second-token', 'import:for-imports'];
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi(tokens);
  // Before anybody looks at the queues: who waits longest is found out only each few seconds.
  expect((await call('/imports', jsonPost({ steam_id: '76561197960287930' }))).status).toBe(202);
});
afterAll(() => api.close());

const authorized = { authorization: 'Bearer first-token' };
const call = (path: string, init: RequestInit = {}) =>
  api.call(path, { ...init, headers: { ...authorized, ...init.headers } });

test('health needs no token', async () => {
  expect(await api.call('/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
});

test.each([
  ['none', undefined],
  ['a wrong one', 'Bearer wrong'],
  ['one that begins like a right one', 'Bearer first-token2'],
  ['the beginning of one', 'Bearer first-toke'],
  ['another scheme', 'Basic first-token'],
  ['no scheme', 'first-token'],
  ['an empty one', 'Bearer '],
  ['both at once', 'Bearer first-token second-token'],
])('a call with %s is refused, whatever it asks for', async (_what, authorization) => {
  for (const path of ['/imports', '/queues', '/nowhere']) {
    const answer = await api.call(path, authorization === undefined ? {} : { headers: { authorization } });
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED', status: 401 } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  }
});

test.each(['Bearer first-token', 'Bearer second-token', 'bearer   second-token'])(
  '%j is let in',
  async (authorization) => {
    expect((await api.call('/queues', { headers: { authorization } })).status).toBe(200);
  },
);

test('several tokens are told apart in a secret, and an empty one lets nobody in', () => {
  expect(readTokens(' one, import:two\nthree\n,,import:')).toEqual([
    { token: 'one', scope: 'operate' },
    { token: 'two', scope: 'import' },
    { token: 'three', scope: 'operate' },
  ]);
  for (const header of [undefined, '', 'Bearer ', 'Bearer undefined'])
    expect(scopeOf(header, readTokens(''))).toBeNull();
});

test('a token for imports asks for them and reads how they went, and operates nothing', async () => {
  const importer = { authorization: 'Bearer for-imports' };
  const asked = await call('/imports', {
    ...jsonPost({ steam_id: '76561197960287930' }),
    headers: { ...jsonPost({}).headers, ...importer },
  });
  expect(asked.status).toBe(202);
  expect((await call(`/imports/${asked.body.import_id}`, { headers: importer })).status).toBe(200);
  expect((await call('/libraries/76561197960287930', { headers: importer })).status).toBe(404);
  for (const [method, path] of [
    ['GET', '/imports'],
    ['GET', '/queues'],
    ['GET', '/metrics'],
    ['GET', '/health/deep'],
    ['GET', '/dead-letters/causes'],
    ['POST', '/queues/steam-import/redrive'],
    ['DELETE', '/libraries/76561197960287930'],
    ['PUT', '/follows/76561197960287930'],
    ['GET', '/imports/76561197960287930-20250101/apps'],
  ] as const)
    expect(await call(path, { method, headers: importer })).toMatchObject({
      status: 403,
      body: { code: 'SCOPE_MISSING' },
    });
  expect((await call('/queues', { headers: { authorization: 'Bearer import:for-imports' } })).status).toBe(
    401,
  );
});

test.each([
  [undefined, 'operate'],
  [{ lambda: { scope: 'operate' } }, 'operate'],
  [{ lambda: { scope: 'import' } }, 'import'],
  [{ lambda: {} }, 'import'],
  [{ lambda: null }, 'import'],
  [{ jwt: { claims: { scope: 'openid operate' } } }, 'operate'],
  [{ jwt: { claims: { scope: 'openid' }, scopes: null } }, 'import'],
  [{ jwt: { claims: {}, scopes: ['operate'] } }, 'operate'],
  [{ jwt: { claims: { scope: 'operate-not' } } }, 'import'],
  [{ jwt: { claims: { scp: 'operate' } } }, 'operate'],
])('what the gateway says, %j, is the scope %s', (authorizer, scope) => {
  const requestContext = authorizer === undefined ? {} : { authorizer };
  expect(scopeByGateway({ requestContext } as never)).toBe(scope);
});

test('a deployment may have another name for the scope of a JWT, and then it is that alone', () => {
  const scopeWith = (authorizer: object) =>
    scopeByGateway({ requestContext: { authorizer } }, 'savepoint/operate');
  expect(scopeWith({ jwt: { claims: { scope: 'openid savepoint/operate' } } })).toBe('operate');
  expect(scopeWith({ jwt: { claims: { scope: 'operate other/operate' } } })).toBe('import');
  expect(scopeWith({ lambda: { scope: 'operate' } })).toBe('operate');
});

test('nothing lies at other paths', async () => {
  for (const path of ['/', '/import', '/imports/a/b', '/queues/x/y/z'])
    expect(await call(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
});

test.each([
  ['DELETE', '/imports', 'POST, GET'],
  ['PUT', '/imports/76561197960287930-20250101', 'GET'],
  ['POST', '/queues', 'GET'],
  ['GET', '/queues/steam-import/redrive', 'POST'],
  ['POST', '/health', 'GET'],
])('%s %s is told what the path takes', async (method, path, allow) => {
  const answer = await call(path, { method });
  expect(answer).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } });
  expect(answer.headers.get('allow')).toBe(allow);
});

test('the depths of all queues are told', async () => {
  const { body } = await call('/queues');
  expect(body.queues).toEqual(
    ['steam-import', 'igdb-enrichment', 'database-import'].map((stage) => ({
      stage,
      waiting: expect.any(Number),
      in_flight: expect.any(Number),
      delayed: expect.any(Number),
      dead_letters: expect.any(Number),
      oldest_seconds: stage === 'steam-import' ? expect.any(Number) : null,
    })),
  );
});

test('a stage that does not exist is told which do', async () => {
  for (const answer of [
    await call('/queues/nothing/dead-letters'),
    await call('/queues/nothing/redrive', jsonPost({})),
  ])
    expect(answer).toMatchObject({
      status: 404,
      body: {
        code: 'STAGE_NOT_FOUND',
        detail: expect.stringContaining('steam-import, igdb-enrichment, database-import'),
      },
    });
});

test('what nobody foresaw is told to the log alone', async () => {
  const log = createRecordingLog();
  const fails = () => Promise.reject(new Error('CANARY detail'));
  const raise = (): never => {
    throw new Error('CANARY detail');
  };
  const app = createApiApp({
    statuses: {
      createRequest: fails,
      report: fails,
      read: fails,
      list: fails,
      placeDropped: fails,
      listPlaces: fails,
    },
    index: { page: fails, reopen: fails, close: fails, listOpen: raise },
    overrides: { read: fails, update: fails },
    createFile: fails,
    gameSearch: { searchGames: fails },
    objects: { open: fails, list: () => fails() as never },
    bucketName: 'library',
    console: noConsole,
    libraries: { open: fails },
    forgetQueue: { send: fails },
    personObjects: { list: () => raise() },
    follows: { read: fails, write: fails, change: fails, remove: fails, list: fails },
    queues: { send: fails, depths: fails },
    deadLetters: { list: fails, redrive: fails, discard: fails },
    metrics: { series: fails },
    health: { checks: { queues: fails }, configured: fails },
    resolveVanityName: fails,
    now: () => new Date(),
    tokens: null,
    log,
  });
  const answer = await app.request('/queues');
  expect(answer.status).toBe(500);
  const text = await answer.text();
  expect(JSON.parse(text)).toMatchObject({ code: 'UNEXPECTED' });
  expect(text).not.toContain('CANARY');
  expect(log.lines).toMatchObject([{ level: 'error', path: '/queues', reason: 'CANARY detail' }]);
});
