import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** What a page in somebody's browser can send to the local stack, and what becomes of it. */

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ API_TOKEN: 'first-token, second-token' });
});
afterAll(() => stack.close());

type Call = { method?: string; headers?: Record<string, string>; body?: string };

/** `fetch` lets nobody choose the Host. */
function call(url: string, { method = 'GET', headers = {}, body }: Call = {}) {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, async (response) =>
      resolve({ status: response.statusCode, body: await text(response) }),
    );
    request.on('error', reject).end(body);
  });
}

const servers = () => ({
  api: `${stack.apiUrl}/health`,
  aws: `${stack.awsEndpointUrl}/health`,
  steam: `${stack.simulators!.steamApiUrl}/ISteamUser/ResolveVanityURL/v1/?key=x&vanityurl=y`,
});
const withPort = (host: string, url: string) => `${host}:${new URL(url).port}`;

test('every server answers the names of this machine, and pages of this machine', async () => {
  for (const url of Object.values(servers()))
    for (const headers of [
      { host: withPort('127.0.0.1', url) } as Record<string, string>,
      { host: withPort('LOCALHOST', url) },
      { host: '[::1]', origin: 'http://[::1]:5173' },
      { host: 'localhost', origin: 'http://localhost:5173' },
    ])
      expect((await call(url, { headers })).body).not.toContain('This ');
});

test('every server refuses other names, which may lead here, and pages of other sites', async () => {
  for (const url of Object.values(servers()))
    for (const headers of [
      { host: withPort('attacker.example', url) } as Record<string, string>,
      { host: withPort('localhost.attacker.example', url) },
      { host: withPort('127.0.0.1.nip.io', url) },
      { host: withPort('127.0.0.1', url), origin: 'https://attacker.example' },
      { host: withPort('127.0.0.1', url), origin: 'https://localhost.attacker.example' },
      { host: withPort('127.0.0.1', url), origin: 'null' },
    ])
      expect(await call(url, { headers })).toMatchObject({
        status: 403,
        body: expect.stringMatching(/This /),
      });
});

test('the API refuses as a problem', async () => {
  const { status, body } = await call(`${stack.apiUrl}/imports`, {
    method: 'POST',
    headers: { origin: 'https://attacker.example', 'content-type': 'application/json' },
    body: '{}',
  });
  expect([status, JSON.parse(body)]).toMatchObject([403, { code: 'CALLER_NOT_LOCAL', status: 403 }]);
});

test('each token of a list is let in, and a redrive must say that it is JSON', async () => {
  const redrive = (token: string, headers: Record<string, string> = {}) =>
    call(`${stack.apiUrl}/queues/steam-import/redrive`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-length': '0', ...headers },
    });
  const json = { 'content-type': 'application/json' };
  expect((await redrive('first-token', json)).status).toBe(200);
  expect((await redrive('second-token', json)).status).toBe(200);
  expect((await redrive('first-token, second-token', json)).status).toBe(401);
  expect((await redrive('first-token')).status).toBe(415);
});

test('S3 and SQS take only what is signed, and there is no SNS', async () => {
  const aws = stack.awsEndpointUrl;
  await stack.putObject('raw/kept.txt', 'kept');
  const object = `${aws}/${stack.bucket}/raw/kept.txt`;
  const remove = `<Delete><Object><Key>raw/kept.txt</Key></Object></Delete>`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=anybody/x, SignedHeaders=host, Signature=0' };
  const sqs = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'AmazonSQS.ListQueues',
  };
  const refused: [string, Call][] = [
    [`${aws}/${stack.bucket}?delete`, { method: 'POST', body: remove }],
    [object, {}],
    [object, { method: 'DELETE' }],
    [`${aws}/`, { method: 'POST', headers: sqs, body: '{}' }],
    [`${aws}/_fauxqs/queues`, {}],
    [`${aws}/`, { method: 'POST', headers: form, body: 'Action=ListTopics' }],
    [`${aws}/`, { method: 'POST', headers: { ...form, ...signed }, body: 'Action=CreateTopic&Name=x' }],
  ];
  for (const [url, asked] of refused) expect((await call(url, asked)).status).toBe(403);
  expect(await call(object, { headers: signed })).toMatchObject({ status: 200, body: 'kept' });
  const presigned = `${object}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Credential=x`;
  expect((await call(presigned)).body).toBe('kept');
  expect((await call(`${aws}/`, { method: 'POST', headers: { ...sqs, ...signed }, body: '{}' })).status).toBe(
    200,
  );
});
