import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { parseMultiquery, parseQuery } from './apicalypse/parse.ts';
import { QueryRefused } from './apicalypse/query.ts';
import { createLimitGate, type IgdbLimits } from './igdb-limits.ts';
import { runQuery } from './igdb-query.ts';
import { type Entity, isEntity } from './igdb-schema.ts';
import type { Tables } from './igdb-tables.ts';
import { delayAnswers, type NodeEnv } from './traffic.ts';
import type { Tokens } from './twitch-token.ts';

export type IgdbState = {
  clientId: string;
  tokens: Tokens;
  limits: IgdbLimits;
  latencyMs: number;
  /** Asked at every request, because tests change what IGDB knows. */
  tables: () => Tables;
};

const authorizationFailure = {
  message: 'Authorization Failure. Have you tried:',
  'Tip 1': 'Ensure you are sending Authorization and Client-ID as headers.',
  'Tip 2': "Ensure Authorization value starts with 'Bearer ', including the space",
  'Tip 3': 'Ensure Authorization value ends with the App Access Token you generated, NOT your Client Secret.',
};

/** IGDB v4: an endpoint for each entity, and `/multiquery`. */
export function createIgdbApi(state: IgdbState): Hono<NodeEnv> {
  const api = new Hono<NodeEnv>();
  api.use(authorize(state), limit(state.limits), delayAnswers(state.latencyMs));
  api.post('/v4/multiquery', async (c) => {
    const queries = parseMultiquery(await c.req.text());
    const results = queries.map(({ endpoint, name, query }) => {
      if (!isEntity(endpoint)) throw unknownEndpoint(endpoint);
      return { name, result: runQuery(state.tables(), endpoint, query) };
    });
    return c.json(results);
  });
  api.post('/v4/:endpoint', async (c) => {
    const entity: Entity | string = c.req.param('endpoint');
    if (!isEntity(entity)) throw unknownEndpoint(entity);
    return c.json(runQuery(state.tables(), entity, parseQuery(await c.req.text())));
  });
  api.notFound((c) => c.json({ message: 'no Route matched with those values' }, 404));
  api.onError(refuse);
  return api;
}

const unknownEndpoint = (name: string): QueryRefused =>
  new QueryRefused('Not Found', `Unknown endpoint '${name}'`);

function refuse(error: Error, c: Context): Response {
  if (!(error instanceof QueryRefused)) throw error;
  return c.json([{ title: error.title, status: error.status, cause: error.message }], error.status);
}

const authorize =
  ({ clientId, tokens }: IgdbState): MiddlewareHandler<NodeEnv> =>
  async (c, next) => {
    const [scheme, token] = (c.req.header('Authorization') ?? '').split(' ');
    const isKnown =
      c.req.header('Client-ID') === clientId && scheme === 'Bearer' && tokens.isLive(token ?? '');
    if (!isKnown) return c.json(authorizationFailure, 401);
    return next();
  };

function limit(limits: IgdbLimits): MiddlewareHandler<NodeEnv> {
  const gate = createLimitGate(limits);
  return async (c, next) => {
    const leave = gate.enter(c.req.header('Client-ID') ?? '');
    if (!leave) return c.json({ message: 'Too Many Requests' }, 429);
    try {
      return await next();
    } finally {
      leave();
    }
  };
}
