import type { PublishedLibraries } from '@savepoint/adapters/s3/published-libraries.ts';
import type { ApiToken, Scope } from '@savepoint/core/api-tokens.ts';
import { PipelineError } from '@savepoint/core/errors.ts';
import {
  type HttpRoute,
  type HttpRouteName,
  httpRouteNames,
  httpRoutes,
} from '@savepoint/core/http-routes.ts';
import { countQueues, findOldestAtStages } from '@savepoint/core/operations/count-queues.ts';
import type { OverridesFile } from '@savepoint/core/operations/edit-overrides.ts';
import type { ImportCsvPorts } from '@savepoint/core/operations/import-csv.ts';
import type { ReconcilePorts } from '@savepoint/core/operations/reconcile.ts';
import type { DeadLetters } from '@savepoint/core/operations/dead-letters.ts';
import type { Follows } from '@savepoint/core/operations/follows.ts';
import type { ImportIndex } from '@savepoint/core/operations/import-index.ts';
import type { ImportStatusStore } from '@savepoint/core/operations/import-status-store.ts';
import {
  findImport,
  findSteamId,
  listImports,
  requestImport,
  type VanityNames,
} from '@savepoint/core/operations/imports.ts';
import { remembered } from '@savepoint/core/operations/remembered.ts';
import type { Metrics } from '@savepoint/core/operations/metrics.ts';
import type { SearchGames } from '@savepoint/core/operations/search-games.ts';
import type { StageQueues } from '@savepoint/core/operations/stage-queues.ts';
import { type Context, Hono } from 'hono';
import { lazyPort } from '../runtime/lazy.ts';
import { type Log, stackOf } from '../runtime/log.ts';
import { listCauses } from './causes.ts';
import { type ConsolePorts, showConsole } from './console.ts';
import { deadLetterHandlers } from './dead-letters.ts';
import { type DeepHealthPorts, showDeepHealth } from './deep-health.ts';
import { forgetLibrary, type ForgetLibraryPorts } from './forget-library.ts';
import { followHandlers } from './follows.ts';
import type { ImportFilesPorts } from './import-files.ts';
import { importNotFound } from './import-not-found.ts';
import { showLibrary } from './libraries.ts';
import { readImportsQuery } from './imports-query.ts';
import { ImportBody } from './import-body.ts';
import { showMetrics } from './metrics.ts';
import { answerProblem, HttpProblem } from './problem.ts';
import { queuedAnswer } from './queued-answer.ts';
import { readBody } from './request-body.ts';
import { revalidated } from './revalidated.ts';
import { searchGames } from './search-games.ts';
import { scopeByGateway, scopeOf } from './tokens.ts';
import { unknownRoute } from './unknown-route.ts';

export type ApiPorts = VanityNames &
  ConsolePorts &
  DeepHealthPorts &
  ForgetLibraryPorts &
  ImportFilesPorts &
  Pick<ReconcilePorts, 'objects'> &
  Pick<ImportCsvPorts, 'createFile'> & {
    statuses: ImportStatusStore;
    index: Pick<ImportIndex, 'page' | 'reopen' | 'listOpen' | 'close'>;
    overrides: OverridesFile;
    libraries: Pick<PublishedLibraries, 'open'>;
    follows: Follows;
    gameSearch: SearchGames;
    queues: Pick<StageQueues, 'send' | 'depths'>;
    deadLetters: DeadLetters;
    metrics: Metrics;
    now(): Date;
    /** The tokens that may call; null when the gateway in front checks them, or nobody needs one. */
    tokens: readonly ApiToken[] | null;
    /** Of a JWT that may operate. */
    jwtScope?: string;
    log: Log;
  };

/** The HTTP API of the contract, for API Gateway and for the local stack alike. */
export function createApiApp(ports: ApiPorts): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    const answer = answerProblem(context, error);
    if (answer.status >= 500)
      ports.log.error('a call failed', {
        path: context.req.path,
        status: answer.status,
        reason: error.message,
        ...(answer.status === 500 && !(error instanceof PipelineError) && { stack: stackOf(error) }),
      });
    return answer;
  });
  app.notFound((context) => answerProblem(context, unknownRoute(app, context)));
  // What Steam's users wrote is never taken for HTML, whatever it looks like.
  app.use(async (context, next) => {
    await next();
    context.header('x-content-type-options', 'nosniff');
  });
  app.use(...revalidated);
  const handlers = createHandlers(ports);
  // Open routes first: what is asked of all others follows them.
  for (const name of httpRouteNames.filter(isOpen)) addRoute(app, name, handlers);
  app.use(async (context, next) => {
    if (scopeOfCaller(context, ports) === null) throw unauthorized();
    await next();
  });
  for (const name of httpRouteNames.filter((route) => !isOpen(route)))
    addRoute(app, name, { ...handlers, [name]: scoped(name, handlers, ports) });
  return app;
}

type Handlers = Record<HttpRouteName, (context: Context) => Response | Promise<Response>>;

const scopeOfCaller = (
  context: Context,
  { tokens, jwtScope }: Pick<ApiPorts, 'tokens' | 'jwtScope'>,
): Scope | null =>
  tokens === null
    ? scopeByGateway((context.env as { event?: object } | undefined)?.event, jwtScope)
    : scopeOf(context.req.header('authorization'), tokens);

/** A route as it answers those who may ask it. */
const scoped =
  (name: HttpRouteName, handlers: Handlers, ports: ApiPorts): Handlers[HttpRouteName] =>
  (context) => {
    const route: HttpRoute = httpRoutes[name];
    if (!route.anyScope && scopeOfCaller(context, ports) !== 'operate') throw forbidden();
    return handlers[name](context);
  };

const forbidden = () =>
  new HttpProblem(
    403,
    'SCOPE_MISSING',
    'This token may only ask for imports and read how they went. Use one that may operate.',
  );

const isOpen = (name: HttpRouteName): boolean => {
  const route: HttpRoute = httpRoutes[name];
  return route.open === true;
};

const addRoute = (app: Hono, name: HttpRouteName, handlers: Handlers) =>
  app.on(httpRoutes[name].method, honoPath(httpRoutes[name].path), handlers[name]);

/** The path as Hono writes it: `/imports/:import_id`, `/console/:path{.*}`. */
const honoPath = (path: string): string =>
  path.replace(/\{(\w+)(\+?)\}/g, (_match, name: string, greedy: string) => `:${name}${greedy && '{.*}'}`);

/** Of several consoles that look at the queues each two seconds, one pays. */
const oldestKeptMs = 5000;

const rememberOldest = (ports: ApiPorts) =>
  remembered(() => findOldestAtStages(ports), oldestKeptMs, ports.now);

const createHandlers = (ports: ApiPorts, oldestAtStages = rememberOldest(ports)): Handlers => ({
  health: (context) => context.json({ status: 'ok' }),
  deepHealth: (context) => showDeepHealth(context, ports),
  async requestImport(context) {
    const body = await readBody(context, ImportBody);
    const steamId = await findSteamId(body.steam_id, ports.resolveVanityName);
    const request = await requestImport(steamId, {
      ...ports,
      sendRequest: (message) => ports.queues.send('steam-import', message),
    });
    return queuedAnswer(context, request);
  },
  async listImports(context) {
    const { steam_id, ...query } = readImportsQuery(context);
    const steamId = steam_id === undefined ? undefined : await findSteamId(steam_id, ports.resolveVanityName);
    return context.json(await listImports({ ...query, steamId }, ports));
  },
  async showImport(context) {
    const view = await findImport(context.req.param('import_id') ?? '', ports.statuses, ports.now());
    if (view !== null) return context.json(view);
    throw importNotFound();
  },
  showLibrary: (context) => showLibrary(context, ports.libraries),
  countMessages: async (context) => context.json({ queues: await countQueues({ ...ports, oldestAtStages }) }),
  forgetLibrary: (context) => forgetLibrary(context, ports),
  // What reads files is loaded when somebody asks for it: most calls ask how an import is.
  ...lazyPort(
    async () => (await import('./import-files.ts')).importFilesHandlers(ports),
    ['listApps', 'listRejects', 'rerun'],
  ),
  ...lazyPort(async () => (await import('./import-csv.ts')).importCsvHandlers(ports), ['importCsv']),
  ...lazyPort(
    async () => (await import('./overrides.ts')).overrideHandlers(ports.overrides),
    ['listOverrides', 'decideOverride', 'dropOverride'],
  ),
  ...lazyPort(async () => (await import('./reconcile.ts')).reconcileHandlers(ports), ['reconcile']),
  ...followHandlers(ports),
  showMetrics: (context) => showMetrics(context, ports.metrics),
  listCauses: (context) => listCauses(context, ports),
  searchGames: (context) => searchGames(context, ports),
  ...deadLetterHandlers(ports),
  describe: async (context) => context.json((await import('./description/openapi.ts')).describeApi()),
  console: (context) => showConsole(context, ports),
  consolePage: (context) => showConsole(context, ports),
});

const unauthorized = () =>
  new HttpProblem(401, 'UNAUTHORIZED', 'Send a valid token in the header Authorization: Bearer <token>.', {
    'www-authenticate': 'Bearer',
  });
