import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PipelineError } from '@savepoint/core/errors.ts';
import { type AwsLimits, awsClientOptions, awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';

/** @throws PipelineError SECRET_EMPTY or SECRET_UNAVAILABLE, naming the secret and how to fill it. */
export async function fetchSecret(
  secretId: string,
  endpoint: AwsEndpoint,
  limits: AwsLimits = awsLimits.secretsManager,
): Promise<string> {
  const client = new SecretsManagerClient(awsClientOptions(endpoint, limits));
  let value: string | undefined;
  try {
    value = (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString?.trim();
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    // Secrets Manager answers so for a secret that has no value yet, too.
    if (name !== 'ResourceNotFoundException')
      throw new PipelineError(
        'SECRET_UNAVAILABLE',
        'The service could not read its own settings; it will try again.',
        {
          retryable: true,
          operatorHint: `Secrets Manager did not give ${secretId} (${name}). Look at the function's permissions.`,
          details: { secret_id: secretId, reason: name },
        },
      );
  } finally {
    client.destroy();
  }
  if (value) return value;
  throw new PipelineError('SECRET_EMPTY', 'The service is not set up yet: a secret is empty.', {
    retryable: true,
    operatorHint: `The secret ${secretId} has no value. Fill it with: aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string …`,
    details: { secret_id: secretId },
  });
}
