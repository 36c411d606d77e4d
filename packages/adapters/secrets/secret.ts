import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PipelineError } from '@savepoint/core/errors.ts';
import type { AwsEndpoint } from '../s3/client.ts';

/** Gives a secret's text; `refresh` fetches it again after it was refused, because it may have been rotated. */
export type Secret = (options?: { refresh: boolean }) => Promise<string>;

export const fixedSecret =
  (value: string): Secret =>
  async () =>
    value;

/**
 * A secret in AWS Secrets Manager, fetched once and kept; a failed fetch is tried again at the next call.
 * @throws PipelineError SECRET_EMPTY or SECRET_UNAVAILABLE, naming the secret and how to fill it.
 */
export function secretsManagerSecret(secretId: string, endpoint: AwsEndpoint): Secret {
  const client = new SecretsManagerClient({
    region: endpoint.region,
    ...(endpoint.endpointUrl ? { endpoint: endpoint.endpointUrl } : {}),
  });
  let kept: Promise<string> | undefined;
  return (options) => {
    if (options?.refresh) kept = undefined;
    kept ??= fetchSecret(client, secretId).catch((error) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

async function fetchSecret(client: SecretsManagerClient, secretId: string): Promise<string> {
  const fill = `Fill it with: aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string …`;
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
  }
  if (value) return value;
  throw new PipelineError('SECRET_EMPTY', 'The service is not set up yet: a secret is empty.', {
    retryable: true,
    operatorHint: `The secret ${secretId} has no value. ${fill}`,
    details: { secret_id: secretId },
  });
}
