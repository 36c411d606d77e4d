import { systemClock } from '@savepoint/adapters/igdb/clock.ts';
import { createGameSearch } from '@savepoint/adapters/igdb/game-search.ts';
import { createRateLimiter, type RateLimiter } from '@savepoint/adapters/igdb/rate-limiter.ts';
import { createIgdbTokenStore } from '@savepoint/adapters/s3/igdb-token.ts';
import {
  answerSearch,
  type SearchAnswer,
  type SearchGames,
} from '@savepoint/core/operations/search-games.ts';
import { bucketOf } from './runtime/bucket.ts';
import type { Env } from './runtime/env.ts';
import { igdbCredentials } from './runtime/igdb-credentials.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import { seldom } from './runtime/seldom-search.ts';

/** @param limiter shared with enrichment where both run in one thread (docs/decisions/0039) */
export function createIgdbSearch(
  env: Env,
  limiter: RateLimiter = createRateLimiter({ requestsPerSecond: 1, openRequests: 1 }, systemClock),
): SearchGames {
  return seldom(
    createGameSearch({
      apiUrl: env.igdbApiUrl,
      tokenUrl: env.igdbTokenUrl,
      credentials: igdbCredentials(env.secret('igdbCredentials')),
      tokenStore: createIgdbTokenStore(bucketOf(env)),
      limiter,
    }),
  );
}

/** Called by the API, which may not know IGDB's secret: `{"q": "half-life"}`. */
export const handler = lambdaHandler('igdb-search', (env, log) => {
  const search = createIgdbSearch(env);
  return async (event): Promise<SearchAnswer> => {
    const answer = await answerSearch(search, event);
    if ('error' in answer && answer.error.code !== 'IGDB_BUSY')
      log.warn('a search failed', { code: answer.error.code });
    return answer;
  };
});
