import * as v from 'valibot';

const list = v.pipe(
  v.optional(v.string(), ''),
  v.transform((text) => text.split(',').map((item) => item.trim())),
  v.transform((items) => items.filter((item) => item !== '')),
);
const days = (standard: string) =>
  v.pipe(
    v.optional(v.string(), standard),
    v.regex(/^[1-9]\d{0,3}$/, 'must be a whole number of days, 1 to 9999'),
    v.transform(Number),
  );
const logLevels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

const Email = v.pipe(v.string(), v.email());

const isHttps = (text: string) => URL.parse(text)?.protocol === 'https:';
const isHttpsOrigin = (text: string) => isHttps(text) && URL.parse(text)?.origin === text;

const EnvironmentSchema = v.pipe(
  v.object({
    DEPLOY_ALARM_EMAIL: v.optional(
      v.pipe(
        v.string(),
        v.check((text) => text === 'none' || v.is(Email, text), 'must be an e-mail address, or none'),
      ),
    ),
    DEPLOY_AWS_ACCOUNT_ID: v.optional(
      v.pipe(v.string(), v.regex(/^\d{12}$/, 'must be the 12 digits of an AWS account')),
    ),
    DEPLOY_DOMAIN: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^([a-z0-9-]+\.)+[a-z]{2,}$/, 'must be a host name, such as api.example.com'),
      ),
    ),
    DEPLOY_DOMAIN_CERTIFICATE_ARN: v.optional(
      v.pipe(
        v.string(),
        v.regex(/^arn:[^:]+:acm:[^:]+:\d{12}:certificate\/.+$/, 'must be the ARN of a certificate'),
      ),
    ),
    DEPLOY_PROTECTION: v.optional(v.picklist(['on', 'off'], 'must be on or off'), 'on'),
    DEPLOY_CORS_ORIGINS: list,
    DEPLOY_JWT_ISSUER: v.optional(
      v.pipe(v.string(), v.check(isHttps, 'must be the https address of the issuer')),
    ),
    DEPLOY_JWT_AUDIENCE: list,
    DEPLOY_JWT_SCOPE: v.optional(
      v.pipe(v.string(), v.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be one scope, such as operate')),
      'operate',
    ),
    DEPLOY_JWT_CLIENT_ID: v.optional(v.string()),
    DEPLOY_JWT_TOKEN_ORIGIN: v.optional(
      v.pipe(
        v.string(),
        v.check(
          isHttpsOrigin,
          'must be an https origin, such as https://example.auth.eu-west-1.amazoncognito.com',
        ),
      ),
    ),
    DEPLOY_RAW_EXPIRES_DAYS: days('90'),
    DEPLOY_ENRICHED_EXPIRES_DAYS: days('90'),
    DEPLOY_LATE_IMPORT_DAYS: days('90'),
    DEPLOY_JOURNAL_DAYS: days('730'),
    DEPLOY_SELF_HEALING: v.optional(v.picklist(['on', 'off'], 'must be on or off'), 'on'),
    DEPLOY_RESERVED_CONCURRENCY: v.optional(v.picklist(['on', 'off'], 'must be on or off'), 'on'),
    DEPLOY_LOG_LEVEL: v.optional(v.picklist(logLevels, `must be one of ${logLevels.join(', ')}`), 'INFO'),
    DEPLOY_VPC_SUBNET_IDS: list,
    DEPLOY_VPC_SECURITY_GROUP_IDS: list,
    DEPLOY_VPC_ROUTE_TABLE_IDS: list,
    DEPLOY_COMPLETION_TOPIC_ARN: v.optional(
      v.pipe(v.string(), v.regex(/^arn:[^:]+:sns:[^:]+:\d{12}:.+$/, 'must be the ARN of an SNS topic')),
    ),
    DEPLOY_COMPLETION_WEBHOOK_URL: v.optional(
      v.pipe(v.string(), v.check(isHttps, 'must be an https address')),
    ),
    DEPLOY_OTLP_ENDPOINT: v.optional(v.pipe(v.string(), v.url('must be the address of a collector'))),
  }),
  v.partialCheck(
    [['DEPLOY_JWT_ISSUER'], ['DEPLOY_JWT_AUDIENCE']],
    (env) => (env.DEPLOY_JWT_ISSUER === undefined) === (env.DEPLOY_JWT_AUDIENCE.length === 0),
    'DEPLOY_JWT_ISSUER and DEPLOY_JWT_AUDIENCE belong together: set both or neither',
  ),
  v.partialCheck(
    [['DEPLOY_JWT_ISSUER'], ['DEPLOY_JWT_CLIENT_ID']],
    (env) => env.DEPLOY_JWT_CLIENT_ID === undefined || env.DEPLOY_JWT_ISSUER !== undefined,
    'DEPLOY_JWT_CLIENT_ID needs DEPLOY_JWT_ISSUER',
  ),
  v.partialCheck(
    [['DEPLOY_JWT_CLIENT_ID'], ['DEPLOY_JWT_TOKEN_ORIGIN']],
    (env) => env.DEPLOY_JWT_TOKEN_ORIGIN === undefined || env.DEPLOY_JWT_CLIENT_ID !== undefined,
    'DEPLOY_JWT_TOKEN_ORIGIN needs DEPLOY_JWT_CLIENT_ID',
  ),
  v.partialCheck(
    [['DEPLOY_VPC_SUBNET_IDS'], ['DEPLOY_VPC_SECURITY_GROUP_IDS']],
    (env) => (env.DEPLOY_VPC_SUBNET_IDS.length === 0) === (env.DEPLOY_VPC_SECURITY_GROUP_IDS.length === 0),
    'DEPLOY_VPC_SUBNET_IDS and DEPLOY_VPC_SECURITY_GROUP_IDS belong together: set both or neither',
  ),
  v.partialCheck(
    [['DEPLOY_VPC_SUBNET_IDS'], ['DEPLOY_VPC_ROUTE_TABLE_IDS']],
    (env) => env.DEPLOY_VPC_ROUTE_TABLE_IDS.length === 0 || env.DEPLOY_VPC_SUBNET_IDS.length > 0,
    'DEPLOY_VPC_ROUTE_TABLE_IDS needs DEPLOY_VPC_SUBNET_IDS',
  ),
  v.partialCheck(
    [['DEPLOY_DOMAIN'], ['DEPLOY_DOMAIN_CERTIFICATE_ARN']],
    (env) => env.DEPLOY_DOMAIN_CERTIFICATE_ARN === undefined || env.DEPLOY_DOMAIN !== undefined,
    'DEPLOY_DOMAIN_CERTIFICATE_ARN needs DEPLOY_DOMAIN',
  ),
);

export type Settings = {
  /** Undefined: nobody is told. */
  alarmEmail: string | undefined;
  /** The one account that may be deployed to. */
  awsAccountId: string | undefined;
  /** The API's own host name; without a certificate its zone is in Route 53. */
  domain: { name: string; certificateArn: string | undefined } | undefined;
  /** Empty: the API answers no browser of another origin. */
  corsOrigins: string[];
  /** In place of the bearer tokens of the secret `api-token`. */
  jwt:
    | {
        issuer: string;
        audiences: string[];
        /** Of those who may do everything. */
        scope: string;
        /** Undefined: the console signs nobody in. */
        client: { id: string; tokenOrigin: string | undefined } | undefined;
      }
    | undefined;
  rawExpiresDays: number;
  enrichedExpiresDays: number;
  logLevel: (typeof logLevels)[number];
  lateImportDays: number;
  journalDays: number;
  /** Whether what was given up and may pass now is sent back by itself. */
  selfHealing: 'on' | 'off';
  /** False in an account whose quota of concurrent functions is so small that Lambda lets nobody reserve of it. */
  reservesConcurrency: boolean;
  /**
   * Where a private database is reached from; without it no function joins a network. With route tables, endpoints of
   * AWS's services are made there, so that it needs no way to the internet.
   */
  vpc: { privateSubnets: string[]; securityGroups: string[]; endpointRouteTables: string[] } | undefined;
  completionTopicArn: string | undefined;
  completionWebhookUrl: string | undefined;
  /** A collector of traces. */
  otlpEndpoint: string | undefined;
};

type Environment = Readonly<Record<string, string | undefined>>;

const parse = (environment: Environment) => {
  const present = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  return v.safeParse(EnvironmentSchema, Object.fromEntries(present));
};

/** What is wrong with the settings, a sentence each. */
export const settingFaults = (environment: Environment): string[] =>
  (parse(environment).issues ?? []).map((issue) =>
    [v.getDotPath(issue), issue.message].filter(Boolean).join(' '),
  );

/**
 * What a deployment may choose, from the environment of `sst deploy` (SST reads `.env` and `.env.<stage>` too).
 * @throws Error naming every fault at once.
 */
export function readSettings(environment: Environment): Settings {
  const parsed = parse(environment);
  if (!parsed.success)
    throw new Error(
      `The deployment’s settings are wrong:\n${settingFaults(environment)
        .map((fault) => `- ${fault}`)
        .join('\n')}`,
    );
  const env = parsed.output;
  return {
    alarmEmail: env.DEPLOY_ALARM_EMAIL === 'none' ? undefined : env.DEPLOY_ALARM_EMAIL,
    awsAccountId: env.DEPLOY_AWS_ACCOUNT_ID,
    domain: env.DEPLOY_DOMAIN
      ? { name: env.DEPLOY_DOMAIN, certificateArn: env.DEPLOY_DOMAIN_CERTIFICATE_ARN }
      : undefined,
    corsOrigins: env.DEPLOY_CORS_ORIGINS,
    jwt: env.DEPLOY_JWT_ISSUER
      ? {
          issuer: env.DEPLOY_JWT_ISSUER,
          audiences: env.DEPLOY_JWT_AUDIENCE,
          scope: env.DEPLOY_JWT_SCOPE,
          client: env.DEPLOY_JWT_CLIENT_ID
            ? { id: env.DEPLOY_JWT_CLIENT_ID, tokenOrigin: env.DEPLOY_JWT_TOKEN_ORIGIN }
            : undefined,
        }
      : undefined,
    rawExpiresDays: env.DEPLOY_RAW_EXPIRES_DAYS,
    enrichedExpiresDays: env.DEPLOY_ENRICHED_EXPIRES_DAYS,
    logLevel: env.DEPLOY_LOG_LEVEL,
    lateImportDays: env.DEPLOY_LATE_IMPORT_DAYS,
    journalDays: env.DEPLOY_JOURNAL_DAYS,
    selfHealing: env.DEPLOY_SELF_HEALING,
    reservesConcurrency: env.DEPLOY_RESERVED_CONCURRENCY === 'on',
    vpc:
      env.DEPLOY_VPC_SUBNET_IDS.length > 0
        ? {
            privateSubnets: env.DEPLOY_VPC_SUBNET_IDS,
            securityGroups: env.DEPLOY_VPC_SECURITY_GROUP_IDS,
            endpointRouteTables: env.DEPLOY_VPC_ROUTE_TABLE_IDS,
          }
        : undefined,
    completionTopicArn: env.DEPLOY_COMPLETION_TOPIC_ARN,
    completionWebhookUrl: env.DEPLOY_COMPLETION_WEBHOOK_URL,
    otlpEndpoint: env.DEPLOY_OTLP_ENDPOINT,
  };
}
