import { secretId, type secretNames } from '../packages/core/topology.ts';

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
export function createSecrets(): Secrets {
  const isProduction = $app.stage === 'production';
  const create = (name: SecretName) =>
    new aws.secretsmanager.Secret(
      `Secret${name[0].toUpperCase()}${name.slice(1)}`,
      {
        name: secretId($app.stage, name),
        description: purposes[name],
        // Without a waiting time a removed stage can be deployed again under the same names.
        recoveryWindowInDays: isProduction ? 30 : 0,
      },
      { retainOnDelete: isProduction },
    );
  return {
    steamApiKey: create('steamApiKey'),
    igdbCredentials: create('igdbCredentials'),
    databaseUrl: create('databaseUrl'),
    apiToken: create('apiToken'),
  };
}
