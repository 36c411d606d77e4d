import * as v from 'valibot';
import { project, stageNames } from './topology.ts';

/** What a deployment has as functions: the stages, and the others. */
export const functionNames = [
  ...stageNames,
  'api',
  'authorizer',
  'migrate',
  'reconcile',
  'follow',
  'forget',
  'igdb-search',
] as const;
export type FunctionName = (typeof functionNames)[number];

export type SecretDescription = {
  /** In Secrets Manager, behind `{project}/{deployment}/`. */
  name: string;
  /** Where its value stands in the environment of one machine; of a JSON secret the variable of each property. */
  variables: string | Readonly<Record<string, string>>;
  /** What it holds, for whoever fills it. */
  holds: string;
  /** Of each variable. */
  format: v.GenericSchema<string, string>;
  /** The functions that may read it. */
  readers: readonly FunctionName[];
  /** Whether the readers cannot work without it. */
  required: boolean;
  /** Whether it may exist and hold nothing. */
  mayBeEmpty?: true;
};

/**
 * A signing key as Standard Webhooks writes it: padded base64, with or without `whsec_` before it. Their libraries
 * refuse other text, or read it differently from language to language, so that no receiver could verify.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const signingKey = v.pipe(
  v.string(),
  v.regex(
    /^(whsec_)?(?=.)([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'must be base64, with or without whsec_ before it; make one with: openssl rand -base64 32',
  ),
);

const word = v.pipe(v.string(), v.regex(/^\S+$/, 'must not hold blanks or line ends'));

/** Every secret is described here and nowhere else; the deployment, the functions and the command line map over it. */
export const secrets = {
  steamApiKey: {
    name: 'steam-api-key',
    variables: 'STEAM_API_KEY',
    holds: 'Steam Web API key, as text.',
    format: word,
    // Vanity names are resolved by Steam.
    readers: ['steam-import', 'api'],
    required: true,
  },
  igdbCredentials: {
    name: 'igdb-credentials',
    variables: { client_id: 'IGDB_CLIENT_ID', client_secret: 'IGDB_CLIENT_SECRET' },
    holds: 'JSON with client_id and client_secret of the Twitch application that may use IGDB.',
    format: word,
    readers: ['igdb-enrichment', 'igdb-search'],
    required: true,
  },
  databaseUrl: {
    name: 'database-url',
    variables: 'DATABASE_URL',
    holds: 'PostgreSQL connection address, as text.',
    format: v.pipe(
      v.string(),
      v.regex(/^postgres(ql)?:\/\//, 'must look like postgresql://user:password@host:5432/database'),
    ),
    readers: ['database-import', 'migrate', 'forget'],
    required: true,
  },
  apiToken: {
    name: 'api-token',
    variables: 'API_TOKEN',
    holds:
      'Bearer tokens that the API accepts, one a line or separated by commas; two while a token is being replaced.',
    format: v.pipe(
      v.string(),
      v.regex(
        /^\s*[^\s,]+(\s*[,\n]\s*[^\s,]+)*[\s,]*$/,
        'must be one token, or several separated by commas or line ends',
      ),
    ),
    readers: ['authorizer'],
    required: true,
  },
  webhookKey: {
    name: 'completion-webhook-key',
    variables: 'COMPLETION_WEBHOOK_KEY',
    holds: 'Signs the notices of finished imports: base64, with or without whsec_ before it.',
    format: signingKey,
    readers: stageNames,
    required: false,
  },
  otlpHeaders: {
    name: 'otlp-headers',
    variables: 'OTEL_EXPORTER_OTLP_HEADERS',
    holds: 'Headers that the collector of traces wants: name=value, separated by commas.',
    format: v.pipe(
      v.string(),
      v.regex(/^[^=,\s]+=[^,\n]*(,\s*[^=,\s]+=[^,\n]*)*$/, 'must be name=value, separated by commas'),
    ),
    readers: stageNames,
    required: false,
    mayBeEmpty: true,
  },
} as const satisfies Record<string, SecretDescription>;

export type SecretName = keyof typeof secrets;
export const secretNames = Object.keys(secrets) as SecretName[];

type VariablesOf<Name extends SecretName> = (typeof secrets)[Name]['variables'] extends infer Described
  ? Described extends string
    ? Described
    : Described[keyof Described]
  : never;
/** A variable that holds the value of a secret, or a part of it. */
export type SecretVariable = { [Name in SecretName]: VariablesOf<Name> }[SecretName];

/** The variables that hold a secret's value. */
export function variablesOf(secret: SecretName): SecretVariable[] {
  const { variables } = secrets[secret];
  return typeof variables === 'string' ? [variables] : Object.values(variables);
}

/** The variable that carries a secret's name in Secrets Manager to a function, in place of its value: `STEAM_API_KEY_SECRET`. */
export const secretIdVariable = (secret: SecretName): string =>
  `${secrets[secret].name.toUpperCase().replaceAll('-', '_')}_SECRET`;

/** The secrets that a function reads. */
export const secretsOf = (reader: FunctionName): SecretName[] =>
  secretNames.filter((name) => (secrets[name].readers as readonly FunctionName[]).includes(reader));

/** `savepoint/production/steam-api-key`. @param deploymentName `production`: what SST calls a stage. */
export const secretId = (deploymentName: string, secret: SecretName): string =>
  `${project}/${deploymentName}/${secrets[secret].name}`;
