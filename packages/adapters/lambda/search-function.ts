import { type SearchGames, searchElsewhere } from '@savepoint/core/operations/search-games.ts';
import { awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';
import { invokeFunction } from './invoke-function.ts';

/** The search that the function of this name does. @throws PipelineError with the function's own code, or FUNCTION_… */
export const createSearchFunction = (functionName: string, endpoint: AwsEndpoint): SearchGames =>
  searchElsewhere((payload) => invokeFunction(functionName, payload, endpoint, awsLimits.lambdaInCall));
