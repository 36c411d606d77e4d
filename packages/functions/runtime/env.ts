import type { AwsEndpoint } from '@savepoint/adapters/aws-endpoint.ts';
import { fixedSecret, type Secret, secretsManagerSecret } from '@savepoint/adapters/secrets/secret.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import {
  type SecretDescription,
  type SecretName,
  secretIdVariable,
  secretNames,
  type SecretVariable,
  secrets,
  variablesOf,
} from '@savepoint/core/secrets.ts';
import { localDeployment, type RetrySchedule, retrySchedules } from '@savepoint/core/topology.ts';
import * as v from 'valibot';
import type { LogLevel } from './log.ts';
import type { NoticeReceivers } from './notice-receivers.ts';
import type { TraceCollector } from './traces.ts';

/** The environment of the functions, and of the local stack that runs them. */

const url = v.pipe(
  v.string(),
  v.url('is not a URL'),
  v.regex(/^https?:/, 'must begin with http:// or https://'),
);
const days = v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}$/, 'is not a whole number of days, 1 to 9999'));
const optionalText = v.optional(v.pipe(v.string(), v.regex(/^\S+$/, 'must not hold blanks or line ends')));

type Optional = v.OptionalSchema<v.GenericSchema<string, string>, undefined>;

/** The values of secrets, as one machine has them in its environment. */
const secretValues = Object.fromEntries(
  secretNames.flatMap((name) => {
    const { format }: SecretDescription = secrets[name];
    return variablesOf(name).map((variable) => [variable, v.optional(format)]);
  }),
) as Record<SecretVariable, Optional>;
const { COMPLETION_WEBHOOK_KEY, ...ownSecretValues } = secretValues;

/** Who hears of the end of an import. The key is of use with the address alone. */
export const noticeVariables = {
  COMPLETION_WEBHOOK_URL: v.optional(url),
  COMPLETION_WEBHOOK_KEY,
};

/** What a person sets; `.env.example` explains each. The local stack adds its own. */
export const variables = {
  ...ownSecretValues,
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
  /** A collector of traces, over HTTP. */
  OTEL_EXPORTER_OTLP_ENDPOINT: v.optional(url),
  /** Whether what was given up and may pass now is sent back by itself. */
  SELF_HEALING: v.optional(v.picklist(['on', 'off'], 'is neither on nor off'), 'on'),
  /** For how long an older import of a person may arrive and still fill gaps. */
  LATE_IMPORT_DAYS: v.optional(days, '90'),
  /** For how long the journal of changes is kept. */
  JOURNAL_DAYS: v.optional(days, '730'),
};

/** What the deployment sets; in place of the secrets' values their names. */
const deploymentVariables = {
  ...(Object.fromEntries(secretNames.map((name) => [secretIdVariable(name), optionalText])) as Record<
    string,
    Optional
  >),
  DEPLOYMENT: v.optional(v.string(), localDeployment),
  /** Logs name people by a hash unless this is `true`. */
  LOG_STEAM_IDS: v.optional(v.picklist(['true', 'false'], 'is neither true nor false'), 'false'),
  COMPLETION_TOPIC_ARN: optionalText,
  /** Of the HTTP API, for links in notices. */
  API_URL: v.optional(url),
  ...noticeVariables,
};

export type Env = {
  aws: AwsEndpoint;
  bucketName: string;
  /** `savepoint-production`: the first part of every queue's name. */
  deployment: string;
  logLevel: LogLevel;
  logSteamIds: boolean;
  retrySchedule: RetrySchedule;
  selfHealing: boolean;
  lateImportDays: number;
  journalDays: number;
  noticeReceivers: NoticeReceivers;
  /** Of the HTTP API; undefined where nobody told. */
  apiUrl: string | undefined;
  /** Undefined: nobody collects traces. */
  traceCollector: TraceCollector | undefined;
  steamApiUrl: string;
  igdbApiUrl: string;
  igdbTokenUrl: string;
  /** @throws ValidationError ENV_INVALID when this function was not told of it. */
  secret(name: SecretName): Secret;
};

/**
 * Reads and checks the whole environment; empty values count as unset.
 * @param needed the secrets that this function cannot work without.
 * @throws ValidationError ENV_INVALID naming every fault at once, never a value.
 */
export function readEnv(source: Source, needed: readonly SecretName[]): Env {
  const missing = needed.filter((name) => !isGiven(name, source));
  const env = parseVariables({ ...variables, ...deploymentVariables }, source, missing.map(notSet));
  const given: Source = env;
  const aws = { region: env.AWS_REGION, endpointUrl: env.AWS_ENDPOINT_URL };
  const secretOf = (name: SecretName): Secret | undefined => {
    const id = given[secretIdVariable(name)];
    if (id !== undefined) return secretsManagerSecret(id, aws);
    const value = valueGiven(name, given);
    return value === undefined ? undefined : fixedSecret(value);
  };
  const made = new Map(secretNames.map((name) => [name, secretOf(name)]));
  return {
    aws,
    bucketName: env.S3_BUCKET,
    deployment: env.DEPLOYMENT,
    logLevel: env.LOG_LEVEL,
    logSteamIds: env.LOG_STEAM_IDS === 'true' || env.DEPLOYMENT === localDeployment,
    retrySchedule: env.DEPLOYMENT === localDeployment ? retrySchedules.local : retrySchedules.cloud,
    selfHealing: env.SELF_HEALING === 'on',
    lateImportDays: Number(env.LATE_IMPORT_DAYS),
    journalDays: Number(env.JOURNAL_DAYS),
    noticeReceivers: {
      topicArn: env.COMPLETION_TOPIC_ARN,
      webhook: env.COMPLETION_WEBHOOK_URL
        ? { url: env.COMPLETION_WEBHOOK_URL, key: made.get('webhookKey') }
        : undefined,
    },
    apiUrl: env.API_URL,
    traceCollector: env.OTEL_EXPORTER_OTLP_ENDPOINT
      ? { url: env.OTEL_EXPORTER_OTLP_ENDPOINT, headers: made.get('otlpHeaders') }
      : undefined,
    steamApiUrl: env.STEAM_API_URL,
    igdbApiUrl: env.IGDB_API_URL,
    igdbTokenUrl: env.IGDB_TOKEN_URL,
    secret(name) {
      const secret = made.get(name);
      if (!secret) throw envError([notSet(name)]);
      return secret;
    },
  };
}

/** A secret's value as Secrets Manager would hold it; undefined unless all of its variables are set. */
function valueGiven(name: SecretName, given: Source): string | undefined {
  const { variables: described }: SecretDescription = secrets[name];
  if (typeof described === 'string') return given[described];
  const properties = Object.entries(described).map(([property, variable]) => [property, given[variable]]);
  return properties.every(([, value]) => value !== undefined)
    ? JSON.stringify(Object.fromEntries(properties))
    : undefined;
}

type Source = Readonly<Record<string, string | undefined>>;
const isSet = (source: Source, name: string) => (source[name] ?? '').trim() !== '';
const isGiven = (secret: SecretName, source: Source) =>
  isSet(source, secretIdVariable(secret)) || variablesOf(secret).every((name) => isSet(source, name));
const notSet = (secret: SecretName) =>
  `${variablesOf(secret).join(' and ')} (or ${secretIdVariable(secret)}) is not set`;

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
