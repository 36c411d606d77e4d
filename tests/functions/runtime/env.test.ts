import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { igdbCredentials } from '@savepoint/functions/runtime/igdb-credentials.ts';
import { failureOf } from '../../support/failure.ts';

test('nothing set is the local stack, which asks the real APIs', () => {
  expect(readEnv({}, [])).toMatchObject({
    aws: { region: 'us-east-1', endpointUrl: undefined },
    bucketName: 'savepoint-local',
    deployment: 'savepoint-local',
    logLevel: 'INFO',
    logSteamIds: true,
    steamApiUrl: 'https://api.steampowered.com',
    igdbApiUrl: 'https://api.igdb.com/v4',
    igdbTokenUrl: 'https://id.twitch.tv/oauth2/token',
  });
});

test('every fault is told at once, and no value', async () => {
  const failure = await failureOf(() =>
    readEnv(
      {
        AWS_ENDPOINT_URL: 'CANARY-endpoint',
        STEAM_API_URL: 'ftp://CANARY',
        DATABASE_URL: 'mysql://user:CANARY@host/db',
        S3_BUCKET: 'CANARY_BUCKET',
        AWS_REGION: 'CANARY',
        LOG_LEVEL: 'CANARY',
        LOG_STEAM_IDS: 'CANARY',
        IGDB_CLIENT_ID: 'CANARY id',
        API_TOKEN: 'CANARY\ttoken',
        COMPLETION_WEBHOOK_KEY: 'CANARY-key',
      },
      ['steamApiKey', 'igdbCredentials'],
    ),
  );
  expect(failure).toMatchObject({ code: 'ENV_INVALID', retryable: false });
  for (const name of [
    'AWS_ENDPOINT_URL',
    'STEAM_API_URL',
    'DATABASE_URL',
    'S3_BUCKET',
    'AWS_REGION',
    'LOG_LEVEL',
    'LOG_STEAM_IDS',
    'IGDB_CLIENT_ID',
    'API_TOKEN',
    'COMPLETION_WEBHOOK_KEY must be base64',
    'STEAM_API_KEY (or STEAM_API_KEY_SECRET) is not set',
    'IGDB_CLIENT_ID and IGDB_CLIENT_SECRET (or IGDB_CREDENTIALS_SECRET) is not set',
  ])
    expect(failure.message).toContain(name);
  expect(failure.message).not.toContain('CANARY');
});

test('an empty value counts as unset', async () => {
  expect(readEnv({ LOG_LEVEL: '', AWS_ENDPOINT_URL: '  ', S3_BUCKET: '' }, [])).toMatchObject({
    logLevel: 'INFO',
    bucketName: 'savepoint-local',
  });
  expect((await failureOf(() => readEnv({ STEAM_API_KEY: ' ' }, ['steamApiKey']))).message).toContain(
    'STEAM_API_KEY',
  );
});

test('secrets come from values, and each is missed only where it is needed', async () => {
  const env = readEnv({ STEAM_API_KEY: 'key', IGDB_CLIENT_ID: 'id', IGDB_CLIENT_SECRET: 'secret' }, [
    'steamApiKey',
    'igdbCredentials',
  ]);
  expect(await env.secret('steamApiKey')()).toBe('key');
  expect(await igdbCredentials(env.secret('igdbCredentials'))()).toEqual({
    clientId: 'id',
    clientSecret: 'secret',
  });
  expect((await failureOf(() => env.secret('databaseUrl'))).message).toContain(
    'DATABASE_URL (or DATABASE_URL_SECRET) is not set',
  );
});

test('a deployment names its secrets and hides Steam ids unless told otherwise', () => {
  const deployed = {
    DEPLOYMENT: 'savepoint-production',
    STEAM_API_KEY_SECRET: 'savepoint/production/steam-api-key',
  };
  expect(readEnv(deployed, ['steamApiKey'])).toMatchObject({
    deployment: 'savepoint-production',
    logSteamIds: false,
  });
  expect(readEnv({ ...deployed, LOG_STEAM_IDS: 'true', LOG_LEVEL: 'debug' }, [])).toMatchObject({
    logSteamIds: true,
    logLevel: 'DEBUG',
  });
});

test.each([
  '',
  'CANARY',
  '{}',
  '{"client_id":"CANARY"}',
  '{"client_id":"","client_secret":"CANARY"}',
  'null',
])('IGDB credentials of %j are refused without being shown', async (secret) => {
  const failure = await failureOf(() => igdbCredentials(async () => secret)());
  expect(failure).toMatchObject({ code: 'IGDB_CREDENTIALS_INVALID', retryable: false });
  expect(`${failure.message}${failure.operatorHint}${failure.stack}`).not.toContain('CANARY');
});
