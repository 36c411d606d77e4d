import { placeOf } from '@savepoint/core/contracts/object-key.ts';
import { readTokens } from '@savepoint/core/api-tokens.ts';
import { type ApiPorts, createApiApp } from '@savepoint/functions/api/app.ts';
import { isSteamId } from '@savepoint/core/steam-id.ts';
import fc from 'fast-check';
import { steamIdOf } from '../support/ids.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { anyJson, canary, type InputClass, nastyText } from './input-class.ts';
import { noConsole } from '../support/no-console.ts';

export type Call = {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
};

/** What the API asks for, empty. */
function createPorts(tokens: readonly string[] | null) {
  const sent: string[] = [];
  const log = createRecordingLog();
  const ports: ApiPorts = {
    statuses: {
      createRequest: async () => true,
      read: async () => null,
      list: async () => [],
      listPlaces: async () => [],
      placeDropped: async (importId) => placeOf(importId),
      report: async () => undefined,
    },
    index: {
      page: async () => [],
      reopen: async () => undefined,
      close: async () => undefined,
      async *listOpen() {},
    },
    gameSearch: { searchGames: async () => [] },
    overrides: { read: async () => null, update: async () => undefined },
    createFile: async ({ importId }) => {
      sent.push(JSON.stringify({ steam_id: importId.slice(0, 17) }));
      return true;
    },
    objects: { open: async () => null, async *list() {} },
    bucketName: 'library',
    console: noConsole,
    libraries: { open: async () => null },
    forgetQueue: { send: async ({ steam_id }) => void sent.push(steam_id) },
    personObjects: { async *list() {} },
    follows: {
      read: async () => null,
      write: async () => undefined,
      change: async () => undefined,
      remove: async () => undefined,
      list: async () => [],
    },
    queues: {
      send: async (_stage, body) => void sent.push(body),
      depths: async () => [],
    },
    deadLetters: {
      list: async () => ({ messages: [], truncated: false }),
      redrive: async () => ({ moved: 0, matching: 0, more: false, dry_run: false }),
      discard: async () => ({ discarded: 0, matching: 0, more: false, dry_run: false }),
    },
    health: {
      checks: { queues: async () => [] },
      configured: async () => ({
        deployment: 'savepoint-local',
        version: '0.1.0',
        steam: 'simulated',
        igdb: 'simulated',
        self_healing: true,
        notices: [],
      }),
    },
    metrics: { series: async () => [] },
    resolveVanityName: async () => steamIdOf('76561197960287930'),
    now: () => new Date(),
    tokens: tokens && readTokens(tokens.join()),
    log,
  };
  return { ports, sent, log };
}

const { ports, sent } = createPorts(null);
const open = createApiApp(ports);
const guarded = createPorts([canary]);
const closed = createApiApp(guarded.ports);

async function check(call: Call): Promise<void> {
  const request = requestOf(call);
  if (request === null) return;
  sent.length = 0;
  const answer = await open.request(request);
  const text = await answer.text();
  if (answer.status >= 500) throw new Error(`${answer.status}: ${text}`);
  if (answer.status >= 400 && call.method !== 'HEAD') expectProblem(answer, text);
  const isAccepted = answer.status === 202;
  if (isAccepted !== sent.length > 0)
    throw new Error(`${answer.status}, and ${sent.length} messages were sent`);
  for (const body of sent)
    if (!isSteamId((JSON.parse(body) as { steam_id: string }).steam_id)) throw new Error(`${body} was sent`);
  // The same without the token: nobody is let in, whatever the rest looks like.
  const refused = requestOf(call);
  guarded.log.lines.length = 0;
  const shut = await closed.request(refused!);
  const path = new URL(refused!.url).pathname;
  if (shut.status !== 401 && !isOpen(path)) throw new Error(`without a token ${path} is ${shut.status}`);
  // Of its only token, which it compares with whatever was sent.
  if ((JSON.stringify([...shut.headers, guarded.log.lines]) + (await shut.text())).includes(canary))
    throw new Error('the token is told');
  if (guarded.sent.length > 0) throw new Error('without a token a message was sent');
}

const isOpen = (path: string): boolean =>
  ['/', '/health', '/openapi.json'].includes(path) || path.startsWith('/console');

function expectProblem(answer: Response, text: string): void {
  const { code, title, status, detail } = JSON.parse(text) as Record<string, unknown>;
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json'))
    throw new Error('no problem');
  if (!/^[A-Z][A-Z0-9_]+$/.test(String(code)) || typeof title !== 'string' || status !== answer.status)
    throw new Error(`no problem: ${text}`);
  if (typeof detail !== 'string' || detail.length > 3000) throw new Error('it says nothing, or too much');
}

/** Null for what no HTTP client can send. */
function requestOf({ method, path, headers, body }: Call): Request | null {
  try {
    const hasBody = body !== undefined && !['GET', 'HEAD'].includes(method);
    return new Request(new URL(path, 'http://127.0.0.1:3000'), {
      method,
      headers,
      ...(hasBody && { body: typeof body === 'string' ? body : Buffer.from(body) }),
    });
  } catch {
    return null;
  }
}

const json = { 'content-type': 'application/json' };
const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = json): Call => ({
  method: 'POST',
  path,
  headers,
  body,
});
const csv = (path: string, body: string | Uint8Array): Call =>
  post(path, body, { 'content-type': 'text/csv' });
const put = (path: string, body: string): Call => ({ ...post(path, body), method: 'PUT' });
const file = '/imports/csv?steam_id=76561197960287930';
const get = (path: string, headers: Record<string, string> = {}): Call => ({ method: 'GET', path, headers });
const redrive = '/queues/steam-import/redrive';

const words = [
  '/imports',
  '/queues/',
  'steam-import',
  '/redrive',
  '/libraries/',
  '/follows/',
  '76561197960287930',
  '-20261123T043000123Z',
  '?max=',
  '?cursor=',
  '&since=',
  '?steam_id=',
  '1001',
  'NaN',
  '/dead-letters',
  '/apps',
  '/rejects',
  '/rerun',
  '?match_status=',
  '?doubtful=',
  '/metrics',
  '/health/deep',
  '/openapi.json',
  '?hours=',
];

export const httpCalls: InputClass<Call> = {
  name: 'HTTP calls',
  named: [
    ['no body', post('/imports', '')],
    ['no JSON', post('/imports', '{')],
    ['JSON of another kind', post('/imports', '[]')],
    ['null', post('/imports', 'null')],
    ['no content type', post('/imports', '{"steam_id":"76561197960287930"}', {})],
    ['a form', post('/imports', 'steam_id=76561197960287930', { 'content-type': 'text/plain' })],
    ['a number for an id', post('/imports', '{"steam_id":76561197960287930}')],
    ['an unknown field', post('/imports', '{"steam_id":"76561197960287930","dryRun":true}')],
    ['one field twice', post('/imports', '{"steam_id":"76561197960287930","steam_id":[]}')],
    ['a prototype', post('/imports', '{"__proto__":{"steam_id":"76561197960287930"}}')],
    ['a deep nest', post('/imports', `${'['.repeat(8000)}${']'.repeat(8000)}`)],
    ['17 KiB', post('/imports', JSON.stringify({ steam_id: 'x'.repeat(17 * 1024) }))],
    ['bytes that are no text', post('/imports', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]))],
    ['a length that is not true', post('/imports', '{}', { ...json, 'content-length': '99999999' })],
    ['a max below one', post(redrive, '{"max":0}')],
    ['a max without end', post(redrive, '{"max":1e999}')],
    ['a dry run that is text', post(redrive, '{"dry_run":"true"}')],
    ['a file of nobody', csv('/imports/csv', 'appid\n220\n')],
    ['a file of somebody who is none', csv('/imports/csv?steam_id=-', 'appid\n220\n')],
    ['a file that is no table', csv(file, new Uint8Array([0xff, 0xfe, 0x00]))],
    ['a file without rows', csv(file, '')],
    ['a file with bad rows alone', csv(file, 'appid\nx\n')],
    ['a file that says that it is JSON', { ...csv(file, 'appid\n220\n'), headers: json }],
    ['a file of more than 4 MB', csv(file, `appid\n${'220\n'.repeat(1_100_000)}`)],
    ['a decision about nothing', put('/overrides/0', '{"igdb_id":1}')],
    ['a decision about a word', put('/overrides/__proto__', '{"igdb_id":1}')],
    ['a decision that says nothing', put('/overrides/220', '{}')],
    ['a decision by a formula', put('/overrides/220', '{"note":"=1+1\\n220,1","igdb_id":233}')],
    ['a decision for a game below one', put('/overrides/220', '{"igdb_id":-1}')],
    ['a decision for a game beyond all', put('/overrides/220', '{"igdb_id":1e300}')],
    ['a decision for no kind', put('/overrides/220', '{"classification":"__proto__"}')],
    ['a search for nothing', get('/igdb/search?q=%20')],
    ['a search without words', get('/igdb/search')],
    ['a search that breaks out', get(`/igdb/search?q=${encodeURIComponent('";where id=1;')}`)],
    ['a search of 10,000 letters', get(`/igdb/search?q=${'x'.repeat(10_000)}`)],
    ['to reconcile what is not yet', post('/reconcile', '{"older_than_seconds":-1}')],
    ['to reconcile by a mistyped dry run', post('/reconcile', '{"dryRun":true}')],
    ['a stage that is none', post('/queues/__proto__/redrive', '{}')],
    ['to discard everything by mistake', post('/queues/steam-import/discard', '{}')],
    ['a way up', get('/imports/..%2f..%2fsecrets')],
    ['an id with a zero byte', get('/imports/76561197960287930-%00')],
    ['a broken code', get('/imports/%E0%A4%A')],
    ['a page without end', get('/imports?max=999999999999')],
    ['a page below one', get('/imports?max=-1')],
    ['a time that is none', get('/imports?since=yesterday')],
    ['hours without end', get('/metrics?hours=1e9')],
    ['a status that is none', get('/imports?status=__proto__')],
    ['a cursor of somebody else', get('/imports?cursor=../../state/')],
    ['one parameter twice', get('/imports?max=1&max=2')],
    ['a method that is none here', { method: 'PATCH', path: '/imports', headers: {} }],
    ['a library by a name', get('/libraries/gabe')],
    ['tags without end', get('/libraries/76561197960287930', { 'if-none-match': 'W/"x",'.repeat(2000) })],
    ['a token in the address', get(`/imports?token=${'x'.repeat(20)}`)],
    ['a token of another scheme', get('/imports', { authorization: `Basic ${btoa('a:b')}` })],
    ['an empty token', get('/imports', { authorization: 'Bearer ' })],
    ['a token of a million letters', get('/imports', { authorization: `Bearer ${'x'.repeat(1_000_000)}` })],
  ],
  generated: fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH'),
    path: fc.oneof(
      fc.constantFrom(
        '/imports',
        redrive,
        '/queues/steam-import/discard',
        '/queues',
        '/follows',
        '/follows/76561197960287930',
        file,
        '/overrides',
        '/overrides/220',
        '/reconcile',
      ),
      nastyText(words).map((text) => `/${text.replace(/^\/+/, '')}`),
    ),
    headers: fc.oneof(
      fc.constant(json),
      fc.constant({}),
      nastyText(['application/json', 'text/plain', 'charset=', ';']).map((type) => ({
        'content-type': type,
      })),
      nastyText(['Bearer ', 'Basic ', 'x']).map((authorization) => ({ ...json, authorization })),
    ),
    body: fc.oneof(
      anyJson.map((value) => JSON.stringify(value)),
      nastyText(['76561197960287930', 'STEAM_0:0:1']).map((steam_id) => JSON.stringify({ steam_id })),
      fc
        .dictionary(
          fc.constantFrom('steam_id', 'max', 'dry_run', 'code', 'import_id', 'all', 'every'),
          anyJson,
        )
        .map((value) => JSON.stringify(value)),
      fc.uint8Array({ maxLength: 60 }),
    ),
  }),
  check,
};
