import { createDatabaseCheck } from '@savepoint/adapters/postgres/database-check.ts';
import { readTokens } from '@savepoint/core/api-tokens.ts';
import type { Metrics } from '@savepoint/core/operations/metrics.ts';
import type { SearchGames } from '@savepoint/core/operations/search-games.ts';
import { createApi } from '@savepoint/functions/api.ts';
import type { Told } from '@savepoint/functions/runtime/configured.ts';
import type { Env } from '@savepoint/functions/runtime/env.ts';
import type { Log } from '@savepoint/functions/runtime/log.ts';
import type { Simulators } from '@savepoint/simulators/start-simulators.ts';
import { createLocalConsole, withDrawnCovers } from './console.ts';
import { type HttpServer, serve } from './http-server.ts';
import type { Listening } from './listening.ts';
import type { LocalEnv } from './local-env.ts';
import { simulatedApis } from './simulated-apis.ts';

/**
 * The HTTP API of this stack.
 * @param env of the functions. @param given what was set, without the simulators.
 * @throws PipelineError PORT_TAKEN, PORT_FORBIDDEN, HOST_UNUSABLE
 */
export async function startLocalApi(
  env: Env,
  given: LocalEnv,
  log: Log,
  options: {
    databaseUrl: string;
    metrics: Metrics;
    gameSearch: SearchGames;
    simulators: Simulators | null;
    listening: Listening;
  },
): Promise<HttpServer> {
  const database = createDatabaseCheck(options.databaseUrl);
  const api = createApi(env, log, {
    tokens: given.API_TOKEN === undefined ? null : readTokens(given.API_TOKEN),
    console: createLocalConsole({ drawsCovers: simulatedApis(given).igdb }),
    metrics: options.metrics,
    gameSearch: options.gameSearch,
    checks: { database: database.run },
    // Which sees all at once, where SQS has many servers to ask.
    ...(given.AWS_ENDPOINT_URL === undefined && { look: { pollSeconds: 0 } }),
    told: toldBy(given, env),
  });
  const server = await serve(withDrawnCovers(api, options.simulators), given.PORT, options.listening);
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await database.close();
    },
  };
}

function toldBy(given: LocalEnv, { noticeReceivers: { topicArn, webhook } }: Env): Told {
  const simulated = simulatedApis(given);
  return {
    simulatesSteam: simulated.steam,
    igdb: simulated.igdb ? 'simulated' : 'real',
    notices: [...(topicArn ? (['topic'] as const) : []), ...(webhook?.key ? (['webhook'] as const) : [])],
  };
}
