import { readSettings } from '@savepoint/core/deployment/settings.ts';

test('everything has a default', () => {
  expect(readSettings({ PATH: '/bin', DEPLOY_ALARM_EMAIL: '' })).toEqual({
    alarmEmail: undefined,
    awsAccountId: undefined,
    domain: undefined,
    corsOrigins: [],
    jwt: undefined,
    rawExpiresDays: 90,
    enrichedExpiresDays: 90,
    logLevel: 'INFO',
    lateImportDays: 90,
    journalDays: 730,
    selfHealing: 'on',
    reservesConcurrency: true,
    vpc: undefined,
    completionTopicArn: undefined,
    completionWebhookUrl: undefined,
    otlpEndpoint: undefined,
  });
});

test('every fault is told at once', () => {
  const read = () =>
    readSettings({
      DEPLOY_ALARM_EMAIL: 'nobody',
      DEPLOY_AWS_ACCOUNT_ID: '1234',
      DEPLOY_RAW_EXPIRES_DAYS: '0',
      DEPLOY_LOG_LEVEL: 'loud',
      DEPLOY_SELF_HEALING: 'maybe',
      DEPLOY_COMPLETION_TOPIC_ARN: 'topic',
    });
  expect(read).toThrow(
    [
      'The deployment’s settings are wrong:',
      '- DEPLOY_ALARM_EMAIL must be an e-mail address, or none',
      '- DEPLOY_AWS_ACCOUNT_ID must be the 12 digits of an AWS account',
      '- DEPLOY_RAW_EXPIRES_DAYS must be a whole number of days, 1 to 9999',
      '- DEPLOY_SELF_HEALING must be on or off',
      '- DEPLOY_LOG_LEVEL must be one of DEBUG, INFO, WARN, ERROR',
      '- DEPLOY_COMPLETION_TOPIC_ARN must be the ARN of an SNS topic',
    ].join('\n'),
  );
});

test.each([
  [
    { DEPLOY_JWT_ISSUER: 'https://issuer.example' },
    'DEPLOY_JWT_ISSUER and DEPLOY_JWT_AUDIENCE belong together',
  ],
  [{ DEPLOY_JWT_CLIENT_ID: 'console' }, 'DEPLOY_JWT_CLIENT_ID needs DEPLOY_JWT_ISSUER'],
  [
    { DEPLOY_JWT_TOKEN_ORIGIN: 'https://tokens.example' },
    'DEPLOY_JWT_TOKEN_ORIGIN needs DEPLOY_JWT_CLIENT_ID',
  ],
  [
    { DEPLOY_DOMAIN_CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:123456789012:certificate/1' },
    'DEPLOY_DOMAIN_CERTIFICATE_ARN needs DEPLOY_DOMAIN',
  ],
  [{ DEPLOY_VPC_ROUTE_TABLE_IDS: 'rtb-1' }, 'DEPLOY_VPC_ROUTE_TABLE_IDS needs DEPLOY_VPC_SUBNET_IDS'],
  [
    { DEPLOY_VPC_SUBNET_IDS: 'subnet-1' },
    'DEPLOY_VPC_SUBNET_IDS and DEPLOY_VPC_SECURITY_GROUP_IDS belong together',
  ],
])('half of a pair is refused: %j', (environment, message) => {
  expect(() => readSettings(environment)).toThrow(message);
});

const issuer = { DEPLOY_JWT_ISSUER: 'https://issuer.example/pool', DEPLOY_JWT_AUDIENCE: 'savepoint' };

test('people sign in to the console where a client of the issuer is named', () => {
  expect(readSettings(issuer).jwt).toMatchObject({ scope: 'operate', client: undefined });
  const { jwt } = readSettings({
    ...issuer,
    DEPLOY_JWT_CLIENT_ID: 'console',
    DEPLOY_JWT_SCOPE: 'savepoint/operate',
    DEPLOY_JWT_TOKEN_ORIGIN: 'https://tokens.example',
  });
  expect(jwt).toEqual({
    issuer: 'https://issuer.example/pool',
    audiences: ['savepoint'],
    scope: 'savepoint/operate',
    client: { id: 'console', tokenOrigin: 'https://tokens.example' },
  });
});

test.each([
  [
    { DEPLOY_COMPLETION_WEBHOOK_URL: 'http://169.254.169.254/latest' },
    'DEPLOY_COMPLETION_WEBHOOK_URL must be an https address',
  ],
  [{ DEPLOY_COMPLETION_WEBHOOK_URL: 'file:///etc/passwd' }, 'must be an https address'],
  [{ ...issuer, DEPLOY_JWT_ISSUER: 'http://issuer.example' }, 'DEPLOY_JWT_ISSUER must be the https address'],
  [{ ...issuer, DEPLOY_JWT_SCOPE: 'openid operate' }, 'DEPLOY_JWT_SCOPE must be one scope'],
  [
    { ...issuer, DEPLOY_JWT_CLIENT_ID: 'console', DEPLOY_JWT_TOKEN_ORIGIN: 'https://tokens.example/oauth2' },
    'DEPLOY_JWT_TOKEN_ORIGIN must be an https origin',
  ],
])('%j is refused', (environment, message) => {
  expect(() => readSettings(environment)).toThrow(message);
});

test('nobody is told of alarms where that is said', () => {
  expect(readSettings({ DEPLOY_ALARM_EMAIL: 'none' }).alarmEmail).toBeUndefined();
});
