import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PipelineError } from '@savepoint/core/errors.ts';
import { awsClientOptions, awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';

/** `absent`: there is no such secret. `removed`: it waits to be deleted and holds its name meanwhile. */
export type StoredSecret = { state: 'absent' | 'removed' | 'empty' } | { state: 'filled'; value: string };

/** What a deployment's secret holds, for an operator. @throws PipelineError SECRET_UNAVAILABLE */
export const readStoredSecret = (secretId: string, endpoint: AwsEndpoint): Promise<StoredSecret> =>
  withClient(secretId, endpoint, async (client) => {
    const described = await client
      .send(new DescribeSecretCommand({ SecretId: secretId }))
      .catch(unlessNamed('ResourceNotFoundException'));
    if (described === undefined) return { state: 'absent' };
    if (described.DeletedDate !== undefined) return { state: 'removed' };
    const answer = await client
      .send(new GetSecretValueCommand({ SecretId: secretId }))
      .catch(unlessNamed('ResourceNotFoundException'));
    const value = answer?.SecretString?.trim();
    return value ? { state: 'filled', value } : { state: 'empty' };
  });

/** @throws PipelineError SECRET_NOT_FOUND when it was not deployed, SECRET_UNAVAILABLE */
export const storeSecret = (secretId: string, value: string, endpoint: AwsEndpoint): Promise<void> =>
  withClient(secretId, endpoint, async (client) => {
    await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: value }));
  });

const unlessNamed =
  (name: string) =>
  (error: unknown): undefined => {
    if ((error as Error).name !== name) throw error;
  };

async function withClient<Value>(
  secretId: string,
  endpoint: AwsEndpoint,
  use: (client: SecretsManagerClient) => Promise<Value>,
): Promise<Value> {
  const client = new SecretsManagerClient(awsClientOptions(endpoint, awsLimits.secretsManager));
  try {
    return await use(client);
  } catch (error) {
    throw faultOf(secretId, (error as Error).name);
  } finally {
    client.destroy();
  }
}

function faultOf(secretId: string, reason: string): PipelineError {
  if (reason === 'ResourceNotFoundException')
    return new PipelineError('SECRET_NOT_FOUND', `There is no secret ${secretId}: deploy first.`, {
      retryable: false,
    });
  if (reason === 'InvalidRequestException')
    return new PipelineError('SECRET_REMOVED', `The secret ${secretId} waits to be deleted.`, {
      retryable: false,
      operatorHint: `Bring it back with: aws secretsmanager restore-secret --secret-id ${secretId}`,
    });
  return new PipelineError(
    'SECRET_UNAVAILABLE',
    `Secrets Manager did not answer for ${secretId} (${reason}).`,
    {
      retryable: true,
      operatorHint:
        'Look at your AWS credentials: they need secretsmanager:DescribeSecret, GetSecretValue and PutSecretValue.',
      details: { secret_id: secretId, reason },
    },
  );
}
