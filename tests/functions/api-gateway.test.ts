import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { handler as api } from '@savepoint/functions/api.ts';
import { handler as authorizer, createAuthorizer } from '@savepoint/functions/authorizer.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { sendJson, withServer } from '../adapters/http/test-server.ts';
import {
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { drainQueue } from '../support/queue.ts';
import { createRecordingLog } from '../support/recording-log.ts';

let environment: FunctionEnvironment;
beforeAll(async () => {
  environment = await startFunctionEnvironment();
  Object.assign(process.env, environment.variables);
});
afterAll(() => environment.close());

/** As API Gateway's HTTP API sends it, format 2.0. */
const gatewayEvent = (method: string, path: string, more: Partial<APIGatewayProxyEventV2> = {}) => {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { host: 'api.example.com', 'content-type': 'application/json' },
    requestContext: {
      domainName: 'api.example.com',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      stage: '$default',
    },
    isBase64Encoded: false,
    ...more,
  };
};
type Answer = { statusCode: number; headers: Record<string, string>; body: string };
const call = async (...event: Parameters<typeof gatewayEvent>) => {
  const answer = (await api(gatewayEvent(...event))) as Answer;
  return { ...answer, json: JSON.parse(answer.body) };
};
const body = JSON.stringify({ steam_id: people.player });

test('an import is accepted behind API Gateway, and followed at its address', async () => {
  const { statusCode, headers, json } = await call('POST', '/imports', { body });
  expect(statusCode).toBe(202);
  expect(json).toMatchObject({ steam_id: people.player, status: 'queued' });
  expect(json.status_url).toBe(`https://api.example.com/imports/${json.import_id}`);
  expect(headers.location).toBe(json.status_url);
  expect(await call('GET', `/imports/${json.import_id}`)).toMatchObject({
    statusCode: 200,
    json: { status: 'queued' },
  });
  expect(await call('GET', `/imports?steam_id=${people.player}`)).toMatchObject({
    statusCode: 200,
    json: { imports: [{ import_id: json.import_id }] },
  });
  expect(await drainQueue(environment.aws.sqs, environment.aws.queues['steam-import'].queueUrl)).toHaveLength(
    1,
  );
});

test('what the caller has is not sent again', async () => {
  const { headers } = await call('GET', '/follows');
  const again = { headers: { host: 'api.example.com', 'if-none-match': headers.etag! } };
  expect(await api(gatewayEvent('GET', '/follows', again))).toMatchObject({
    statusCode: 304,
    headers: { etag: headers.etag, 'cache-control': 'private, no-cache' },
    body: '',
  });
});

test('a body in base64 is a body', async () => {
  const encoded = { body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
  expect((await call('POST', '/imports', encoded)).statusCode).toBe(202);
  const large = { body: Buffer.alloc(20_000, 'x').toString('base64'), isBase64Encoded: true };
  expect(await call('POST', '/imports', large)).toMatchObject({
    statusCode: 413,
    json: { code: 'BODY_TOO_LARGE' },
  });
});

test('problems come through with their type', async () => {
  const answer = await call('POST', '/imports', { body: '{' });
  expect(answer).toMatchObject({ statusCode: 400, json: { code: 'BODY_INVALID' } });
  expect(answer.headers['content-type']).toBe('application/problem+json');
});

const withToken = (authorization?: string) => ({
  version: '2.0',
  type: 'REQUEST',
  headers: authorization ? { authorization } : {},
});

test.each([
  ['Bearer CANARYapitoken', true],
  ['Bearer wrong', false],
  [undefined, false],
])('the authorizer answers %s with %p', async (header, isAuthorized) => {
  expect(await authorizer(withToken(header))).toEqual(
    isAuthorized ? { isAuthorized, context: { scope: 'operate' } } : { isAuthorized },
  );
});

test('a request without headers is not let in', async () => {
  expect(await authorizer({ version: '2.0' })).toEqual({ isAuthorized: false });
});

test('the secret is read again each minute, so that a rotation lets the new token in and the old one out', () => {
  const values = ['old', 'old,new', 'new'];
  return withServer(
    (_request, response) => sendJson(response, { SecretString: values.shift() }),
    async ({ url, received }) => {
      const clock = { now: 0 };
      const env = readEnv({ AWS_ENDPOINT_URL: url, API_TOKEN_SECRET: 'savepoint/test/api-token' }, [
        'apiToken',
      ]);
      const check = createAuthorizer(env, createRecordingLog(), () => clock.now);
      const lets = async (token: string) => (await check(withToken(`Bearer ${token}`))).isAuthorized;
      expect([await lets('old'), await lets('new'), await lets('wrong')]).toEqual([true, false, false]);
      clock.now = 59_999;
      expect(await lets('new')).toBe(false);
      clock.now = 60_000;
      expect([await lets('old'), await lets('new')]).toEqual([true, true]);
      clock.now = 120_000;
      expect([await lets('old'), await lets('new')]).toEqual([false, true]);
      expect(received).toHaveLength(3);
    },
  );
});

test('a refused refresh leaves the tokens that were read last, and is told; an emptied secret lets nobody in', () => {
  const answers: object[] = [
    { SecretString: 'old' },
    { status: 400, __type: 'AccessDeniedException' },
    { SecretString: 'new' },
    { SecretString: ' ' },
  ];
  return withServer(
    (_request, response) => {
      const { status = 200, ...answer } = answers.shift() as { status?: number };
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    },
    async ({ url }) => {
      const clock = { now: 0 };
      const env = readEnv({ AWS_ENDPOINT_URL: url, API_TOKEN_SECRET: 'savepoint/test/api-token' }, [
        'apiToken',
      ]);
      const log = createRecordingLog();
      const check = createAuthorizer(env, log, () => clock.now);
      const lets = async (token: string) => (await check(withToken(`Bearer ${token}`))).isAuthorized;
      expect(await lets('old')).toBe(true);
      clock.now = 60_000;
      expect([await lets('old'), await lets('old')]).toEqual([true, true]);
      expect(log.lines).toMatchObject([{ level: 'warn', error_code: 'SECRET_UNAVAILABLE' }]);
      clock.now = 120_000;
      expect([await lets('new'), await lets('old')]).toEqual([true, false]);
      clock.now = 180_000;
      await expect(lets('new')).rejects.toMatchObject({ code: 'SECRET_EMPTY' });
    },
  );
});
