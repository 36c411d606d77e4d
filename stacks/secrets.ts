import { type SecretName, secretId, secretNames, secrets } from '../packages/core/secrets.ts';
import type { Settings } from '../packages/core/deployment/settings.ts';

/** The secrets of a deployment; one that no setting asks for is left out. */
export type Secrets = Partial<Record<SecretName, aws.secretsmanager.Secret>>;

/** Empty secrets. Their values are put by hand, so that they are never in SST's state. */
export const createSecrets = (settings: Settings): Secrets =>
  Object.fromEntries(
    secretNames
      .filter((name) => secrets[name].required || isWanted(name, settings))
      .map((name) => [name, createSecret(name)]),
  );

/** Of use only where the address that they go to is configured. */
const isWanted = (name: SecretName, { completionWebhookUrl, otlpEndpoint }: Settings): boolean =>
  (name === 'webhookKey' && completionWebhookUrl !== undefined) ||
  (name === 'otlpHeaders' && otlpEndpoint !== undefined);

function createSecret(secret: SecretName): aws.secretsmanager.Secret {
  const isProduction = $app.stage === 'production';
  const { holds } = secrets[secret];
  return new aws.secretsmanager.Secret(
    `Secret${secret[0].toUpperCase()}${secret.slice(1)}`,
    {
      name: secretId($app.stage, secret),
      description: holds,
      // Without a waiting time a removed deployment can be made again under the same names.
      recoveryWindowInDays: isProduction ? 30 : 0,
    },
    { retainOnDelete: isProduction },
  );
}
