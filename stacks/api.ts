import { type HttpRoute, httpRoutes } from '../packages/core/http-routes.ts';
import type { SignIn } from '../packages/core/contracts/console-config.ts';
import type { Settings } from '../packages/core/deployment/settings.ts';
import { overridesKey } from '../packages/core/contracts/object-key.ts';
import { prefixes } from '../packages/core/topology.ts';
import type { Deployment } from './deployment.ts';
import { createFunction } from './function.ts';
import { personalPrefixes } from './forget.ts';
import { alarmOnApi } from './monitoring.ts';
import {
  countMessages,
  deleteObjects,
  emptyQueues,
  getObjects,
  invokeFunctions,
  listObjects,
  listObjectVersions,
  putObjects,
  readMetrics,
  sendToQueues,
} from './permissions.ts';
import { buildConsole } from './console.ts';
import type { DeployedStage } from './stage.ts';

/** Requests a second and at once over all callers; an import asks Steam, which counts calls as well. */
const throttling = { rateLimit: 20, burstLimit: 40 };
/** How long API Gateway remembers that a token is good: a revoked one lives no longer than this. */
const authorizerCacheSeconds = 60;
/**
 * What API Gateway logs of a call. SST's own format has the path, in which people's SteamIDs stand, and the caller's
 * program; a route says as much of the service and nothing of a person.
 */
const accessLogFormat = JSON.stringify({
  requestTime: '$context.requestTime',
  requestId: '$context.requestId',
  routeKey: '$context.routeKey',
  status: '$context.status',
  error: '$context.error.responseType',
  authorizerError: '$context.authorizer.error',
  responseLatency: '$context.responseLatency',
  integrationRequestId: '$context.integration.requestId',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  ip: '$context.identity.sourceIp',
});
/** API Gateway itself gives up after 30. */
const apiTimeoutSeconds = 29;

/** What the API hands on to beside the stages. */
type Others = { forgetQueue: sst.aws.Queue; search: sst.aws.Function };
type Stages = { steamImport: DeployedStage; igdbEnrichment: DeployedStage; databaseImport: DeployedStage };

/** The routes of the contract on the gateway, all but the open ones behind a bearer token or a JWT. */
export function createApi(
  deployment: Deployment,
  api: sst.aws.ApiGatewayV2,
  stages: Stages,
  others: Others,
): void {
  const handler = createHandler(deployment, stages, others);
  const auth = createAuthorizer(deployment, api);
  for (const { method, path, open } of Object.values<HttpRoute>(httpRoutes))
    api.route(`${method} ${path}`, handler.arn, open ? {} : { auth });
  alarmOnApi(deployment, api.nodes.api.id);
}

/** Before the stages, which tell its address to those who wait for an import. */
export function createGateway({ name, settings }: Deployment): sst.aws.ApiGatewayV2 {
  const cors = {
    allowOrigins: settings.corsOrigins,
    allowMethods: ['GET' as const, 'POST' as const, 'PUT' as const, 'DELETE' as const],
    allowHeaders: ['authorization', 'content-type'],
    maxAge: '1 hour' as const,
  };
  return new sst.aws.ApiGatewayV2('HttpApi', {
    domain: domainOf(settings),
    cors: settings.corsOrigins.length > 0 ? cors : false,
    accessLog: { retention: '1 month' },
    transform: {
      // With a name of its own it answers to no other.
      api: {
        name,
        disableExecuteApiEndpoint: settings.domain !== undefined,
        description: 'Savepoint: imports of Steam libraries',
      },
      logGroup: { name: `/aws/vendedlogs/apis/${name}` },
      stage: (stage) => {
        stage.accessLogSettings = $util
          .output(stage.accessLogSettings)
          .apply((settings) => ({ destinationArn: settings?.destinationArn ?? '', format: accessLogFormat }));
        stage.defaultRouteSettings = {
          throttlingRateLimit: throttling.rateLimit,
          throttlingBurstLimit: throttling.burstLimit,
        };
      },
    },
  });
}

/** SST makes certificate and records where the zone is in Route 53; a certificate of one's own leaves both to others. */
const domainOf = ({ domain }: Settings) =>
  domain &&
  (domain.certificateArn === undefined
    ? domain.name
    : { name: domain.name, dns: false as const, cert: domain.certificateArn });

function createHandler(
  deployment: Deployment,
  stages: Stages,
  { forgetQueue, search }: Others,
): sst.aws.Function {
  const { bucket } = deployment;
  const queues = Object.values(stages).map(({ queue }) => queue);
  return createFunction(deployment, {
    name: 'api',
    timeoutSeconds: apiTimeoutSeconds,
    memoryMb: 512,
    files: [buildConsole()],
    // For `GET /health/deep`; where notices go is none of its business.
    environment: {
      SELF_HEALING: deployment.settings.selfHealing,
      NOTICES: noticesOf(deployment),
      ...issuerOf(deployment),
    },
    permissions: [
      countMessages(...queues),
      sendToQueues(...queues, forgetQueue),
      invokeFunctions(search),
      emptyQueues(...Object.values(stages).map(({ deadLetterQueue }) => deadLetterQueue)),
      getObjects(
        bucket,
        prefixes.status,
        prefixes.enriched,
        prefixes.rejects,
        prefixes.exports,
        prefixes.follows,
        overridesKey,
      ),
      putObjects(
        bucket,
        prefixes.raw,
        prefixes.status,
        prefixes.index,
        prefixes.open,
        prefixes.follows,
        overridesKey,
      ),
      deleteObjects(bucket, prefixes.follows, prefixes.open),
      readMetrics,
      // Imports, libraries and follows, and what would be removed of a person.
      listObjects(bucket, ...personalPrefixes, overridesKey),
      listObjectVersions(bucket, ...personalPrefixes),
    ],
  });
}

function noticesOf({ settings }: Deployment): string {
  const { completionTopicArn, completionWebhookUrl } = settings;
  return [completionTopicArn && 'topic', completionWebhookUrl && 'webhook'].filter(Boolean).join(' ');
}

/** What the app must know of the issuer, and the console of how people sign in there. */
function issuerOf({ settings: { jwt } }: Deployment): Record<string, string> {
  if (!jwt) return {};
  const { issuer, audiences, scope, client } = jwt;
  if (!client) return { JWT_SCOPE: scope };
  const signIn: SignIn = {
    issuer,
    client_id: client.id,
    audience: audiences[0]!,
    scope,
    token_origin: client.tokenOrigin ?? null,
  };
  return { JWT_SCOPE: scope, SIGN_IN: JSON.stringify(signIn) };
}

/** JWTs where an issuer is configured, else the bearer tokens of the secret `api-token`. */
function createAuthorizer(deployment: Deployment, api: sst.aws.ApiGatewayV2) {
  const { jwt } = deployment.settings;
  if (jwt) {
    const authorizer = api.addAuthorizer({
      name: 'jwt',
      jwt: { issuer: jwt.issuer, audiences: jwt.audiences },
    });
    return { jwt: { authorizer: authorizer.id } };
  }
  const handler = createFunction(deployment, {
    name: 'authorizer',
    timeoutSeconds: 5,
    memoryMb: 256,
  });
  const authorizer = api.addAuthorizer({
    name: 'token',
    lambda: { function: handler.arn, response: 'simple', ttl: `${authorizerCacheSeconds} seconds` },
  });
  return { lambda: authorizer.id };
}
