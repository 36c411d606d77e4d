import type { AwsEndpoint } from '@savepoint/adapters/s3/client.ts';
import { fixedSecret, type Secret, secretsManagerSecret } from '@savepoint/adapters/secrets/secret.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import { localDeployment } from '@savepoint/core/topology.ts';
import * as v from 'valibot';

/** The environment of the functions, and of the local stack that runs them. */

const url = v.pipe(
  v.string(),
  v.url('is not a URL'),
  v.regex(/^https?:/, 'must begin with http:// or https://'),
);
const optionalText = v.optional(v.pipe(v.string(), v.regex(/^\S+$/, 'must not hold blanks or line ends')));

/** What a person sets; `.env.example` explains each. The local stack adds its own. */
export const variables = {
  STEAM_API_KEY: optionalText,
  IGDB_CLIENT_ID: optionalText,
  IGDB_CLIENT_SECRET: optionalText,
  DATABASE_URL: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^postgres(ql)?:\/\//, 'must look like postgresql://user:password@host:5432/database'),
    ),
  ),
  S3_BUCKET: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not a bucket name')),
    localDeployment,
  ),
  AWS_REGION: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/, 'is not an AWS region')), 'us-east-1'),
  LOG_LEVEL: v.optional(
    v.pipe(
      v.string(),
      v.toUpperCase(),
      v.picklist(['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'], 'is none of DEBUG, INFO, WARN, ERROR, SILENT'),
    ),
    'INFO',
  ),
  STEAM_API_URL: v.optional(url, 'https://api.steampowered.com'),
  IGDB_API_URL: v.optional(url, 'https://api.igdb.com/v4'),
  IGDB_TOKEN_URL: v.optional(url, 'https://id.twitch.tv/oauth2/token'),
  AWS_ENDPOINT_URL: v.optional(url),
};

/** What the deployment sets, with the secrets' names in place of their values. */
const deploymentVariables = {
  DEPLOYMENT: v.optional(v.string(), localDeployment),
  STEAM_API_KEY_SECRET: optionalText,
  IGDB_CREDENTIALS_SECRET: optionalText,
  DATABASE_URL_SECRET: optionalText,
  API_TOKEN_SECRET: optionalText,
  API_TOKEN: optionalText,
  /** Logs name people by a hash unless this is `true`. */
  LOG_STEAM_IDS: v.optional(v.picklist(['true', 'false'], 'is neither true nor false'), 'false'),
};

export type SecretName = 'steamApiKey' | 'igdbCredentials' | 'databaseUrl' | 'apiToken';

export type Env = {
  aws: AwsEndpoint;
  bucket: string;
  /** `savepoint-production`: the first part of every queue's name. */
  deployment: string;
  logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'SILENT';
  logSteamIds: boolean;
  steamApiUrl: string;
  igdbApiUrl: string;
  igdbTokenUrl: string;
  /** @throws ValidationError ENV_INVALID when this function was not told of it. */
  secret(name: SecretName): Secret;
};

/**
 * Reads and checks the whole environment; empty values count as unset.
 * @param needed the secrets that this function can not work without.
 * @throws ValidationError ENV_INVALID naming every fault at once, never a value.
 */
export function readEnv(
  source: Readonly<Record<string, string | undefined>>,
  needed: readonly SecretName[],
): Env {
  const env = parseVariables({ ...variables, ...deploymentVariables }, source);
  const aws = { region: env.AWS_REGION, endpointUrl: env.AWS_ENDPOINT_URL };
  const fromSource = (value: string | undefined, secretId: string | undefined): Secret | undefined => {
    if (secretId !== undefined) return secretsManagerSecret(secretId, aws);
    return value === undefined ? undefined : fixedSecret(value);
  };
  const igdbCredentials =
    env.IGDB_CLIENT_ID && env.IGDB_CLIENT_SECRET
      ? JSON.stringify({ client_id: env.IGDB_CLIENT_ID, client_secret: env.IGDB_CLIENT_SECRET })
      : undefined;
  const secrets: Record<SecretName, Secret | undefined> = {
    steamApiKey: fromSource(env.STEAM_API_KEY, env.STEAM_API_KEY_SECRET),
    igdbCredentials: fromSource(igdbCredentials, env.IGDB_CREDENTIALS_SECRET),
    databaseUrl: fromSource(env.DATABASE_URL, env.DATABASE_URL_SECRET),
    apiToken: fromSource(env.API_TOKEN, env.API_TOKEN_SECRET),
  };
  const missing = needed
    .filter((name) => secrets[name] === undefined)
    .map((name) => `${sourceNames[name]} is not set`);
  if (missing.length > 0) throw envError(missing);
  return {
    aws,
    bucket: env.S3_BUCKET,
    deployment: env.DEPLOYMENT,
    logLevel: env.LOG_LEVEL,
    logSteamIds: env.LOG_STEAM_IDS === 'true' || env.DEPLOYMENT === localDeployment,
    steamApiUrl: env.STEAM_API_URL,
    igdbApiUrl: env.IGDB_API_URL,
    igdbTokenUrl: env.IGDB_TOKEN_URL,
    secret(name) {
      const secret = secrets[name];
      if (!secret) throw envError([`${sourceNames[name]} is not set`]);
      return secret;
    },
  };
}

const sourceNames: Record<SecretName, string> = {
  steamApiKey: 'STEAM_API_KEY (or STEAM_API_KEY_SECRET)',
  igdbCredentials: 'IGDB_CLIENT_ID and IGDB_CLIENT_SECRET (or IGDB_CREDENTIALS_SECRET)',
  databaseUrl: 'DATABASE_URL (or DATABASE_URL_SECRET)',
  apiToken: 'API_TOKEN (or API_TOKEN_SECRET)',
};

/** @throws ValidationError ENV_INVALID naming every fault at once, never a value. */
export function parseVariables<Entries extends v.ObjectEntries>(
  entries: Entries,
  source: Readonly<Record<string, string | undefined>>,
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
  const set = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const parsed = v.safeParse(v.object(entries), set);
  if (parsed.success) return parsed.output;
  throw envError(parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}`));
}

const envError = (faults: readonly string[]) =>
  new ValidationError(
    'ENV_INVALID',
    `The environment is not usable: ${faults.join('; ')}. See .env.example.`,
  );
