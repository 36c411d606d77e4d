import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { PipelineError } from '@savepoint/core/errors.ts';
import { awsClientOptions, awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';

/** Who is signed in. */
export type Caller = { accountId: string; arn: string };

/** Asks AWS whose credentials these are, for which no permission is needed. @throws PipelineError NOT_SIGNED_IN */
export async function findCaller(endpoint: AwsEndpoint): Promise<Caller> {
  const client = new STSClient(awsClientOptions(endpoint, awsLimits.sts));
  try {
    const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { accountId: Account, arn: Arn };
  } catch (error) {
    const reason = (error as Error).name;
    throw new PipelineError('NOT_SIGNED_IN', 'AWS rejects these credentials.', {
      retryable: true,
      operatorHint: `Sign in (aws sso login, or AWS_PROFILE), then look with: aws sts get-caller-identity (${reason})`,
      details: { reason },
      cause: error,
    });
  } finally {
    client.destroy();
  }
}
