import { PipelineError } from '@savepoint/core/errors.ts';
import { FoundGame, type SearchGames } from '@savepoint/core/operations/search-games.ts';
import * as v from 'valibot';
import { awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';
import { invokeFunction } from './invoke-function.ts';

const Answer = v.union([
  v.object({ games: v.array(FoundGame) }),
  v.object({
    error: v.object({
      code: v.string(),
      message: v.string(),
      retryable: v.boolean(),
      retry_after_seconds: v.nullable(v.number()),
    }),
  }),
]);

/** The search that the function of this name does. @throws PipelineError with the function's own code, or FUNCTION_… */
export const createSearchFunction = (functionName: string, endpoint: AwsEndpoint): SearchGames => ({
  async searchGames(words) {
    const answer = v.safeParse(
      Answer,
      await invokeFunction(functionName, { q: words }, endpoint, awsLimits.lambdaInCall),
    );
    if (!answer.success)
      throw new PipelineError('FUNCTION_UNAVAILABLE', 'The search gave no usable answer.', {
        retryable: true,
      });
    if ('games' in answer.output) return answer.output.games;
    const { code, message, retryable, retry_after_seconds: after } = answer.output.error;
    throw new PipelineError(code, message, {
      retryable,
      ...(after !== null && { retryAfterSeconds: after }),
    });
  },
});
