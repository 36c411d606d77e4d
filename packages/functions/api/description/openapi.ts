import { Problem } from '@savepoint/core/contracts/answers/common.ts';
import { type HttpRoute, httpRouteNames, httpRoutes } from '@savepoint/core/http-routes.ts';
import { metricsHours } from '@savepoint/core/operations/metrics.ts';
import { stageNames } from '@savepoint/core/topology.ts';
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import manifest from '../../package.json' with { type: 'json' };
import { calls, type Content, type DescribedCall } from './calls.ts';

type Json = Record<string, unknown>;

/** `GET /openapi.json`: OpenAPI 3.1, made of the table of routes. Loaded when somebody asks, so that no start waits for it. */
export const describeApi = (): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Savepoint',
    version: manifest.version,
    description:
      'Imports Steam libraries, each game enriched from IGDB. Refusals are problems (RFC 9457) with a stable `code`. Each GET has an `ETag`, for `If-None-Match`. In the cloud the gateway refuses tokens itself, with `{"message"}` alone.',
  },
  servers: [{ url: '/' }],
  paths: paths(),
  components: {
    schemas: { Problem: schemaOf(Problem, 'output') },
    responses: {
      Problem: {
        description: 'Refused, or failed: `code` says why.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        description:
          'A token of the deployment, or a JWT of its issuer. One that may only import lacks the role `operate`.',
      },
    },
  },
});

function paths(): Json {
  const all: Record<string, Json> = {};
  for (const name of httpRouteNames) {
    const { method, path, open, anyScope }: HttpRoute = httpRoutes[name];
    const plainPath = path.replace('+}', '}');
    const call = calls[name];
    all[plainPath] = {
      ...all[plainPath],
      [method.toLowerCase()]: {
        operationId: name,
        summary: call.summary,
        security: open ? [] : [{ token: anyScope ? [] : ['operate'] }],
        parameters: [...pathParameters(plainPath), ...queryParameters(call)],
        ...(call.body && { requestBody: requestBodyOf(call.body, call) }),
        responses: { ...(method === 'GET' && unchanged), ...responsesOf(call) },
      },
    };
  }
  return all;
}

/** `readBody` takes an empty body for `{}`. */
const requestBodyOf = (body: Content, { needsBody = false }: DescribedCall): Json => ({
  required: needsBody || 'mediaType' in body || !v.is(body, {}),
  content: contentOf(body, 'input'),
});

/** What is asked for again comes with an ETag, whichever call it is. */
const unchanged: Json = { 304: { description: 'As the ETag in If-None-Match says' } };

const responsesOf = ({ answers }: DescribedCall): Json => ({
  ...Object.fromEntries(
    Object.entries(answers).map(([status, content]) => [
      status,
      {
        description: descriptions[status] ?? 'Done',
        ...(content !== null && { content: contentOf(content, 'output') }),
      },
    ]),
  ),
  '4XX': { $ref: '#/components/responses/Problem' },
  '5XX': { $ref: '#/components/responses/Problem' },
});
const descriptions: Record<string, string> = {
  202: 'Queued',
  204: 'Done; there is nothing to say',
};

const contentOf = (content: Content, typeMode: 'input' | 'output'): Json =>
  'mediaType' in content
    ? { [content.mediaType]: {} }
    : { 'application/json': { schema: schemaOf(content, typeMode) } };

/** What JSON Schema has no word for, such as a check in code, is left out. */
function schemaOf(schema: v.GenericSchema, typeMode: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = toJsonSchema(schema, { typeMode, errorMode: 'ignore' });
  return rest;
}

const pathSchemas: Record<string, Json> = {
  import_id: { type: 'string', pattern: '^\\d{17}-[A-Za-z0-9:-]{1,64}$' },
  steam_id: { type: 'string', pattern: '^\\d{17}$' },
  stage: { enum: stageNames },
  appid: { type: 'integer', minimum: 1 },
};

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: pathSchemas[name] ?? { type: 'string' },
  }));

/** Those that are numbers, though an address is text. */
const numbers: Record<string, Json> = {
  max: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  hours: {
    type: 'integer',
    minimum: metricsHours.least,
    maximum: metricsHours.most,
    default: metricsHours.standard,
  },
};

const queryParameters = ({ query }: DescribedCall): Json[] =>
  Object.entries(query?.entries ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: schema.type !== 'optional',
    schema: numbers[name] ?? schemaOf(schema as v.GenericSchema, 'input'),
  }));
