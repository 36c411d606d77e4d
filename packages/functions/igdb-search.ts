import { systemClock } from '@savepoint/adapters/igdb/clock.ts';
import { createGameSearch } from '@savepoint/adapters/igdb/game-search.ts';
import { createRateLimiter, type RateLimiter } from '@savepoint/adapters/igdb/rate-limiter.ts';
import { createIgdbTokenStore } from '@savepoint/adapters/s3/igdb-token.ts';
import { toPipelineError, ValidationError } from '@savepoint/core/errors.ts';
import {
  type FoundGame,
  readSearchWords,
  type SearchGames,
} from '@savepoint/core/operations/search-games.ts';
import * as v from 'valibot';
import { bucketOf } from './runtime/bucket.ts';
import type { Env } from './runtime/env.ts';
import { igdbCredentials } from './runtime/igdb-credentials.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import { seldom } from './runtime/seldom-search.ts';

const Call = v.strictObject({ q: v.string() });

/** What a function can tell of a failure, so that its caller knows what to do about it. */
export type SearchAnswer =
  | { games: FoundGame[] }
  | { error: { code: string; message: string; retryable: boolean; retry_after_seconds: number | null } };

/** @param limiter shared with enrichment where both run in one process (docs/decisions/0039) */
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
  const { searchGames } = createIgdbSearch(env);
  return async (event): Promise<SearchAnswer> => {
    try {
      const call = v.safeParse(Call, event);
      if (!call.success)
        throw new ValidationError('PAYLOAD_INVALID', 'The payload must be {"q": "half-life"}.');
      return { games: await searchGames(readSearchWords(call.output.q)) };
    } catch (thrown) {
      const { code, message, retryable, retryAfterSeconds = null } = toPipelineError(thrown);
      if (code !== 'IGDB_BUSY') log.warn('a search failed', { code });
      return { error: { code, message, retryable, retry_after_seconds: retryAfterSeconds } };
    }
  };
});
