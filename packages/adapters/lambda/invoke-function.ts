import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { PipelineError } from '@savepoint/core/errors.ts';
import { type AwsLimits, awsClientOptions, awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';

/**
 * Calls a function and waits for its answer. It is called once: a second call beside a running first one helps nobody.
 * @param limits by default as long as a function may run.
 * @returns what it answered, parsed from JSON.
 * @throws PipelineError FUNCTION_FAILED with the function's own sentence (Lambda answers 200 to that, too),
 * FUNCTION_NOT_FOUND, FUNCTION_UNAVAILABLE.
 */
export async function invokeFunction(
  functionName: string,
  payload: unknown,
  endpoint: AwsEndpoint,
  limits: AwsLimits = awsLimits.lambda,
): Promise<unknown> {
  const client = new LambdaClient(awsClientOptions(endpoint, limits));
  try {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }),
    );
    const answer = Payload?.length ? JSON.parse(Buffer.from(Payload).toString()) : null;
    if (FunctionError !== undefined) throw functionFailed(functionName, answer);
    return answer;
  } catch (error) {
    throw error instanceof PipelineError ? error : notCalled(functionName, error as Error);
  } finally {
    client.destroy();
  }
}

/** Whether there is such a function. @throws PipelineError FUNCTION_UNAVAILABLE */
export async function functionExists(functionName: string, endpoint: AwsEndpoint): Promise<boolean> {
  const client = new LambdaClient(awsClientOptions(endpoint, awsLimits.lambdaSettings));
  try {
    await client.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
    return true;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return false;
    throw notCalled(functionName, error as Error);
  } finally {
    client.destroy();
  }
}

function functionFailed(functionName: string, answer: { errorMessage?: unknown } | null): PipelineError {
  const said = typeof answer?.errorMessage === 'string' ? answer.errorMessage : 'It said nothing.';
  return new PipelineError('FUNCTION_FAILED', `The function ${functionName} failed: ${said}`, {
    retryable: false,
    details: { function: functionName },
  });
}

function notCalled(functionName: string, error: Error): PipelineError {
  if (error instanceof ResourceNotFoundException)
    return new PipelineError('FUNCTION_NOT_FOUND', `There is no function ${functionName}: deploy it first.`, {
      retryable: false,
    });
  if (error instanceof TooManyRequestsException)
    return new PipelineError(
      'FUNCTION_BUSY',
      `The function ${functionName} is busy: try again in a moment.`,
      {
        retryable: true,
        retryAfterSeconds: 2,
      },
    );
  return new PipelineError('FUNCTION_UNAVAILABLE', `Lambda did not call ${functionName} (${error.name}).`, {
    retryable: true,
    operatorHint:
      'Look at your AWS credentials: they need lambda:InvokeFunction and GetFunctionConfiguration.',
    details: { reason: error.name },
    cause: error,
  });
}
