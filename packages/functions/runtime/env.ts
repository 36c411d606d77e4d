import { webhookKey } from '@savepoint/adapters/notices/webhook-key.ts';
import type { AwsEndpoint } from '@savepoint/adapters/s3/client.ts';
import { fixedSecret, type Secret, secretsManagerSecret } from '@savepoint/adapters/secrets/secret.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import { localDeployment, type RetrySchedule, retrySchedules } from '@savepoint/core/topology.ts';
import * as v from 'valibot';
import type { LogLevel } from './log.ts';
import type { NoticeReceivers } from './notice.ts';

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
  /** Who hears of the end of an import. */
  COMPLETION_TOPIC_ARN: optionalText,
  COMPLETION_WEBHOOK_URL: v.optional(url),
  /** Signs what the webhook gets; as every secret it may be given by its name in Secrets Manager. */
  COMPLETION_WEBHOOK_KEY: v.optional(webhookKey),
  COMPLETION_WEBHOOK_KEY_SECRET: optionalText,
};

export type SecretName = 'steamApiKey' | 'igdbCredentials' | 'databaseUrl' | 'apiToken';

export type Env = {
  aws: AwsEndpoint;
  bucket: string;
  /** `savepoint-production`: the first part of every queue's name. */
  deployment: string;
  logLevel: LogLevel;
  logSteamIds: boolean;
  retrySchedule: RetrySchedule;
  noticeReceivers: NoticeReceivers;
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
export function readEnv(source: Source, needed: readonly SecretName[]): Env {
  const missing = needed.filter((name) => !isGiven(name, source));
  const env = parseVariables({ ...variables, ...deploymentVariables }, source, missing.map(notSet));
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
  const webhookKey = fromSource(env.COMPLETION_WEBHOOK_KEY, env.COMPLETION_WEBHOOK_KEY_SECRET);
  return {
    aws,
    bucket: env.S3_BUCKET,
    deployment: env.DEPLOYMENT,
    logLevel: env.LOG_LEVEL,
    logSteamIds: env.LOG_STEAM_IDS === 'true' || env.DEPLOYMENT === localDeployment,
    retrySchedule: env.DEPLOYMENT === localDeployment ? retrySchedules.local : retrySchedules.cloud,
    noticeReceivers: {
      topicArn: env.COMPLETION_TOPIC_ARN,
      webhook: env.COMPLETION_WEBHOOK_URL ? { url: env.COMPLETION_WEBHOOK_URL, key: webhookKey } : undefined,
    },
    steamApiUrl: env.STEAM_API_URL,
    igdbApiUrl: env.IGDB_API_URL,
    igdbTokenUrl: env.IGDB_TOKEN_URL,
    secret(name) {
      const secret = secrets[name];
      if (!secret) throw envError([notSet(name)]);
      return secret;
    },
  };
}

/** The variables that give a secret: those of its value, or the one of its name. */
const sources: Record<SecretName, { value: readonly string[]; secretId: string }> = {
  steamApiKey: { value: ['STEAM_API_KEY'], secretId: 'STEAM_API_KEY_SECRET' },
  igdbCredentials: { value: ['IGDB_CLIENT_ID', 'IGDB_CLIENT_SECRET'], secretId: 'IGDB_CREDENTIALS_SECRET' },
  databaseUrl: { value: ['DATABASE_URL'], secretId: 'DATABASE_URL_SECRET' },
  apiToken: { value: ['API_TOKEN'], secretId: 'API_TOKEN_SECRET' },
};

type Source = Readonly<Record<string, string | undefined>>;
const isSet = (source: Source, name: string) => (source[name] ?? '').trim() !== '';
const isGiven = (secret: SecretName, source: Source) =>
  isSet(source, sources[secret].secretId) || sources[secret].value.every((name) => isSet(source, name));
const notSet = (secret: SecretName) =>
  `${sources[secret].value.join(' and ')} (or ${sources[secret].secretId}) is not set`;

/**
 * @param furtherFaults what else is wrong, to be told in the same breath.
 * @throws ValidationError ENV_INVALID naming every fault at once, never a value.
 */
export function parseVariables<Entries extends v.ObjectEntries>(
  entries: Entries,
  source: Source,
  furtherFaults: readonly string[] = [],
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
  const set = Object.fromEntries(Object.entries(source).filter(([name]) => isSet(source, name)));
  const parsed = v.safeParse(v.object(entries), set);
  const faults = (parsed.issues ?? []).map((issue) => `${v.getDotPath(issue)} ${issue.message}`);
  if (parsed.success && furtherFaults.length === 0) return parsed.output;
  throw envError([...faults, ...furtherFaults]);
}

const envError = (faults: readonly string[]) =>
  new ValidationError(
    'ENV_INVALID',
    `The environment is not usable: ${faults.join('; ')}. See .env.example.`,
  );
