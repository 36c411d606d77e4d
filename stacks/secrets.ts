import { project, secretId, type secretNames } from '../packages/core/topology.ts';
import type { Settings } from './settings.ts';

export type SecretName = keyof typeof secretNames;
export type Secrets = Record<SecretName, aws.secretsmanager.Secret>;

/** The environment variable that carries each secret's name to a function, in place of its value. */
export const secretVariables: Record<SecretName, string> = {
  steamApiKey: 'STEAM_API_KEY_SECRET',
  igdbCredentials: 'IGDB_CREDENTIALS_SECRET',
  databaseUrl: 'DATABASE_URL_SECRET',
  apiToken: 'API_TOKEN_SECRET',
};

const purposes: Record<SecretName, string> = {
  steamApiKey: 'Steam Web API key, as text.',
  igdbCredentials: 'JSON with client_id and client_secret of the Twitch application that may use IGDB.',
  databaseUrl: 'PostgreSQL connection address, as text.',
  apiToken: 'Bearer tokens that the API accepts, one a line; two while a token is being replaced.',
};

/** Four empty secrets. Their values are put by hand, so that they are never in SST's state. */
export const createSecrets = (): Secrets => ({
  steamApiKey: createSecret('SecretSteamApiKey', secretId($app.stage, 'steamApiKey'), purposes.steamApiKey),
  igdbCredentials: createSecret(
    'SecretIgdbCredentials',
    secretId($app.stage, 'igdbCredentials'),
    purposes.igdbCredentials,
  ),
  databaseUrl: createSecret('SecretDatabaseUrl', secretId($app.stage, 'databaseUrl'), purposes.databaseUrl),
  apiToken: createSecret('SecretApiToken', secretId($app.stage, 'apiToken'), purposes.apiToken),
});

/** What notices of finished imports are signed with, where an address for them is configured. */
export const createWebhookKey = (settings: Settings): aws.secretsmanager.Secret | undefined =>
  settings.completionWebhookUrl === undefined
    ? undefined
    : createSecret(
        'SecretWebhookKey',
        `${project}/${$app.stage}/completion-webhook-key`,
        'Signs the notices of finished imports: base64, with or without whsec_ before it.',
      );

function createSecret(component: string, name: string, description: string): aws.secretsmanager.Secret {
  const isProduction = $app.stage === 'production';
  return new aws.secretsmanager.Secret(
    component,
    // Without a waiting time a removed stage can be deployed again under the same names.
    { name, description, recoveryWindowInDays: isProduction ? 30 : 0 },
    { retainOnDelete: isProduction },
  );
}
