import type { AwsEndpoint } from '../aws-endpoint.ts';

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
  let kept: Promise<string> | undefined;
  return (options) => {
    if (options?.refresh) kept = undefined;
    kept ??= fetchSecret(secretId, endpoint).catch((error) => {
      kept = undefined;
      throw error;
    });
    return kept;
  };
}

/** The client is loaded when the first secret is needed, so that a start does not wait for it. */
async function fetchSecret(secretId: string, endpoint: AwsEndpoint): Promise<string> {
  const secretsManager = await import('./secrets-manager.ts');
  return secretsManager.fetchSecret(secretId, endpoint);
}
