import { httpRoutes } from '@savepoint/core/http-routes.ts';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { startTestStack, type TestStack } from '../support/stack.ts';

type Schema = Record<string, unknown>;
type Content = Record<string, { schema?: Schema }>;
type Operation = {
  operationId: string;
  security: object[];
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { content?: Content }>;
};

/** The description, held against what the real stack answers. */
let stack: TestStack;
let paths: Record<string, Record<string, Operation>>;
let problem: ValidateFunction;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
/** Operations that answered well, and with which status. */
const answered = new Set<string>();

beforeAll(async () => {
  stack = await startTestStack();
  const answer = await fetch(`${stack.apiUrl}/openapi.json`);
  const description = (await answer.json()) as {
    paths: typeof paths;
    components: { schemas: { Problem: Schema } };
  };
  ({ paths } = description);
  problem = ajv.compile(description.components.schemas.Problem);
});
afterAll(() => stack.close());

/** A field that is not described is a fault as well. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return inner.properties ? { additionalProperties: false, ...inner } : inner;
}

async function ask(
  method: keyof typeof methods,
  template: string,
  values: Record<string, string> = {},
  options: { query?: string; body?: unknown; csv?: string; headers?: Record<string, string> } = {},
) {
  const operation = paths[template]?.[methods[method]];
  if (!operation) throw new Error(`${method} ${template} is not described`);
  for (const { name, schema } of operation.parameters.filter((parameter) => parameter.in === 'path'))
    expectFits(
      schema,
      /^\d+$/.test(values[name] ?? '') && schema.type === 'integer' ? Number(values[name]) : values[name],
    );
  const json = options.body === undefined ? undefined : JSON.stringify(options.body);
  const [type] = Object.keys(operation.requestBody?.content ?? {});
  if (json !== undefined)
    expectFits(operation.requestBody?.content['application/json']?.schema, options.body);
  const path = template.replace(/\{(\w+)\}/g, (_match, name: string) => values[name]!);
  const response = await fetch(`${stack.apiUrl}${path}${options.query ?? ''}`, {
    method,
    headers: { ...(type && { 'content-type': type }), ...options.headers },
    body: json ?? options.csv ?? null,
  });
  const text = await response.text();
  const { status } = response;
  if (status >= 400) {
    expect([path, problem(JSON.parse(text)) || problem.errors]).toEqual([path, true]);
    return { status, headers: response.headers, body: JSON.parse(text) };
  }
  const described = operation.responses[status];
  if (!described) throw new Error(`${method} ${template} does not describe ${status}`);
  answered.add(operation.operationId);
  const schema = described.content?.['application/json']?.schema;
  if (described.content === undefined) expect(text).toBe('');
  if (schema) expectFits(closed(schema), JSON.parse(text), `${method} ${path}`);
  return { status, headers: response.headers, body: schema ? JSON.parse(text) : text };
}
const methods = { GET: 'get', POST: 'post', PUT: 'put', DELETE: 'delete' } as const;

function expectFits(schema: unknown, value: unknown, what = ''): void {
  expect(schema).toBeDefined();
  const validate = ajv.compile(schema as Schema);
  expect([what, validate(value) || validate.errors]).toEqual([what, true]);
}

test('every route is described, with who may ask it, and nothing else is', () => {
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, security }]) => [
      operationId,
      `${method.toUpperCase()} ${path}`,
      security,
    ]),
  );
  const routes = Object.entries(httpRoutes).map(([name, route]) => [
    name,
    `${route.method} ${route.path.replace('+}', '}')}`,
    'open' in route ? [] : [{ token: 'anyScope' in route ? [] : ['operate'] }],
  ]);
  const byName = (a: unknown[], b: unknown[]) => String(a[0]).localeCompare(String(b[0]));
  expect(described.sort(byName)).toEqual(routes.sort(byName));
});

test('what every call answers is what is described', async () => {
  const asked = await ask('POST', '/imports', {}, { body: { steam_id: 'savepoint-sample' } });
  const { import_id, steam_id } = asked.body;
  await ask('GET', '/imports/{import_id}', { import_id });
  await stack.waitFor(import_id);
  const failed = await ask('POST', '/imports', {}, { body: { steam_id: 'savepoint-private' } });
  await stack.waitFor(failed.body.import_id);
  const csv = await ask(
    'POST',
    '/imports/csv',
    {},
    {
      query: '?steam_id=76561197960287930',
      csv: 'appid,name\n220,Half-Life 2\nx,Nothing\n',
    },
  );
  await stack.waitFor(csv.body.import_id);

  for (const id of [import_id, failed.body.import_id, csv.body.import_id])
    await ask('GET', '/imports/{import_id}', { import_id: id });
  expect((await ask('GET', '/imports', {}, { query: '?max=2' })).body.next_cursor).toBeDefined();
  expect((await ask('GET', '/imports/{import_id}/apps', { import_id })).body.apps.length).toBeGreaterThan(0);
  expect(
    (await ask('GET', '/imports/{import_id}/rejects', { import_id: csv.body.import_id })).body.rejects,
  ).toHaveLength(1);
  const rerun = await ask(
    'POST',
    '/imports/{import_id}/rerun',
    { import_id },
    { body: { from: 'enriched' } },
  );
  expect(rerun.status).toBe(202);
  await stack.waitFor(import_id);
  const library = await ask('GET', '/libraries/{steam_id}', { steam_id });
  const headers = { 'if-none-match': library.headers.get('etag') ?? '' };
  expect((await ask('GET', '/libraries/{steam_id}', { steam_id }, { headers })).status).toBe(304);

  await ask('PUT', '/follows/{steam_id}', { steam_id }, { body: { every: 'day' } });
  expect((await ask('GET', '/follows')).body.follows).toHaveLength(1);
  await ask('DELETE', '/follows/{steam_id}', { steam_id });
  await ask('PUT', '/overrides/{appid}', { appid: '220' }, { body: { igdb_id: 'none', note: 'no' } });
  await ask('PUT', '/overrides/{appid}', { appid: '400' }, { body: { igdb_id: 72 } });
  expect((await ask('GET', '/overrides', {}, { query: '?max=1' })).body.overrides).toHaveLength(1);
  await ask('DELETE', '/overrides/{appid}', { appid: '220' });
  await ask('POST', '/reconcile', {}, { body: { dry_run: true, older_than_seconds: 0 } });
  await ask('GET', '/igdb/search', {}, { query: '?q=portal' });

  for (const path of ['/queues', '/metrics', '/health', '/health/deep', '/openapi.json', '/console'])
    await ask('GET', path);
  await ask('GET', '/console/{path}', { path: 'imports' });
  const stage = { stage: 'steam-import' };
  expect((await ask('GET', '/dead-letters/causes')).body.causes).toHaveLength(1);
  expect((await ask('GET', '/queues/{stage}/dead-letters', stage)).body.messages).toHaveLength(1);
  await ask('POST', '/queues/{stage}/redrive', stage, { body: { max: 1, dry_run: true } });
  await ask('POST', '/queues/{stage}/discard', stage, { body: { all: true } });
  expect(
    (await ask('DELETE', '/libraries/{steam_id}', { steam_id }, { query: '?dry_run=true' })).status,
  ).toBe(200);
  expect((await ask('DELETE', '/libraries/{steam_id}', { steam_id })).status).toBe(202);

  expect([...answered].sort()).toEqual(Object.keys(httpRoutes).sort());
});

const nobody = { import_id: '76561197960287930-20200101T000000000Z', steam_id: '76561197960287999' };
test('refusals are problems', async () => {
  expect((await ask('GET', '/imports/{import_id}', nobody)).status).toBe(404);
  expect((await ask('GET', '/libraries/{steam_id}', nobody)).status).toBe(404);
  expect((await ask('GET', '/metrics', {}, { query: '?hours=25' })).status).toBe(400);
});

test('a body is required of those calls that refuse an empty one', async () => {
  const values: Record<string, string> = { ...nobody, stage: 'igdb-enrichment', appid: '1' };
  const asked: string[] = [];
  for (const [template, operations] of Object.entries(paths))
    for (const [method, { operationId, requestBody }] of Object.entries(operations)) {
      if (!requestBody) continue;
      const [type = ''] = Object.keys(requestBody.content);
      const query = operationId === 'importCsv' ? `?steam_id=${nobody.steam_id}` : '';
      const path = template.replace(/\{(\w+)\}/g, (_match, name: string) => values[name]!) + query;
      const { status } = await fetch(`${stack.apiUrl}${path}`, {
        method: method.toUpperCase(),
        headers: { 'content-type': type },
      });
      // Of an import that is not there the empty body is taken, and 404 the answer.
      expect([operationId, requestBody.required]).toEqual([operationId, status === 400]);
      asked.push(operationId);
    }
  expect(asked.filter((name) => ['rerun', 'reconcile', 'redrive', 'discard'].includes(name))).toHaveLength(4);
});

test('what the schemas of requests refuse, the API refuses', async () => {
  const bodies: [keyof typeof methods, string, Record<string, string>, unknown][] = [
    ['POST', '/imports', {}, { steamid: 'x' }],
    ['POST', '/imports/{import_id}/rerun', { import_id: '76561197960287930-20200101' }, { from: 'nothing' }],
    ['PUT', '/follows/{steam_id}', { steam_id: '76561197960287930' }, { every: 'hour' }],
    ['PUT', '/overrides/{appid}', { appid: '1' }, { igdb_id: 0 }],
    ['POST', '/queues/{stage}/redrive', { stage: 'steam-import' }, { max: 0 }],
    ['POST', '/queues/{stage}/discard', { stage: 'steam-import' }, { everything: true }],
    ['POST', '/reconcile', {}, { older_than_seconds: -1 }],
  ];
  for (const [method, template, values, body] of bodies) {
    const schema = paths[template]?.[methods[method]]?.requestBody?.content['application/json']?.schema;
    expect([template, ajv.validate(schema!, body)]).toEqual([template, false]);
    const path = template.replace(/\{(\w+)\}/g, (_match, name: string) => values[name]!);
    expect([path, (await stack.request(path, { method, body })).status]).toEqual([path, 400]);
  }
});
