import type { Rule } from './stack-view.ts';
import { different } from './stack-view.ts';

const guardedRoutes = [
  'DELETE /follows/{steam_id}',
  'DELETE /libraries/{steam_id}',
  'DELETE /overrides/{appid}',
  'GET /dead-letters/causes',
  'GET /follows',
  'GET /health/deep',
  'GET /igdb/search',
  'GET /imports',
  'GET /imports/{import_id}',
  'GET /imports/{import_id}/apps',
  'GET /imports/{import_id}/rejects',
  'GET /libraries/{steam_id}',
  'GET /metrics',
  'GET /overrides',
  'GET /queues',
  'GET /queues/{stage}/dead-letters',
  'POST /imports',
  'POST /imports/csv',
  'POST /imports/{import_id}/rerun',
  'POST /queues/{stage}/discard',
  'POST /queues/{stage}/redrive',
  'POST /reconcile',
  'PUT /follows/{steam_id}',
  'PUT /overrides/{appid}',
];

const openRoutes = ['GET /console', 'GET /console/{path+}', 'GET /health', 'GET /openapi.json'];

export const apiRules: Rule[] = [
  {
    rule: 'the routes are those of the contract, and all but the open ones ask for a token',
    faults: (stack) => {
      const authorizer = stack.all('authorizer')[0]?.name;
      const routes = stack
        .all('route')
        .map(({ inputs }) => [inputs.routeKey, inputs.authorizationType, inputs.authorizerId]);
      const expected = [
        ...openRoutes.map((route) => [route, 'NONE', undefined]),
        ...guardedRoutes.map((route) => [route, 'CUSTOM', authorizer]),
      ];
      return different('the routes', routes.sort(byKey), expected.sort(byKey));
    },
  },
  {
    rule: 'the authorizer reads the Authorization header and is remembered for a minute at most',
    faults: (stack) => {
      const authorizer = stack.inputs('authorizer');
      return [
        ...different(
          'the authorizer',
          [
            authorizer.authorizerType,
            authorizer.identitySources,
            authorizer.authorizerPayloadFormatVersion,
            authorizer.enableSimpleResponses,
          ],
          ['REQUEST', ['$request.header.Authorization'], '2.0', true],
        ),
        ...(String(authorizer.authorizerUri).includes(`:${stack.deployment}-authorizer/`)
          ? []
          : ['the authorizer is another function']),
        ...(Number(authorizer.authorizerResultTtlInSeconds) <= 60
          ? []
          : [`a token is good for ${authorizer.authorizerResultTtlInSeconds} s after its removal`]),
      ];
    },
  },
  {
    rule: 'the API is throttled and logs each request by its route: no path, no query, no token',
    faults: (stack) => {
      const { defaultRouteSettings, accessLogSettings } = stack.inputs('apiStage');
      const log = accessLogSettings as { destinationArn?: string; format?: string } | undefined;
      return [
        ...different('throttling', defaultRouteSettings, {
          throttlingRateLimit: 20,
          throttlingBurstLimit: 40,
        }),
        ...different(
          'the access log',
          log?.destinationArn,
          `arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/apis/${stack.deployment}`,
        ),
        ...(/\$context\.routeKey/.test(log?.format ?? '') ? [] : ['the access log does not say the route']),
        ...namingPeople
          .filter((variable) => log?.format?.includes(variable))
          .map((variable) => `the access log has ${variable}`),
      ];
    },
  },
  {
    rule: 'the API answers no browser of another origin',
    faults: (stack) => different('CORS', stack.inputs('api').corsConfiguration, {}),
  },
  {
    rule: 'only this API may call its functions',
    faults: (stack) =>
      stack.all('invocationPermission').flatMap(({ name, inputs }) => {
        const api = stack.all('api')[0]?.name;
        const own = `arn:aws:execute-api:eu-central-1:123456789012:${api}/`;
        return inputs.principal === 'apigateway.amazonaws.com' && String(inputs.sourceArn).startsWith(own)
          ? []
          : [`${name} lets in ${inputs.principal} ${inputs.sourceArn}`];
      }),
  },
];

/** What of API Gateway's variables holds SteamIDs, tokens, or more of a caller than an address. */
const namingPeople = [
  '$context.path',
  '$context.requestOverride',
  '$context.identity.userAgent',
  '$context.authorizer.principalId',
  '$request.',
];

const byKey = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
