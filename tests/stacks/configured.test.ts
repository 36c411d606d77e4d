import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issuerTold } from '@savepoint/functions/runtime/issuer.ts';
import { stageNames } from '@savepoint/core/topology.ts';
import { costTable, networkMonth } from '../../tools/graph/costs.ts';
import { evaluate } from '../../tools/graph/evaluate.ts';
import { root } from '../../tools/graph/platform.ts';
import { grantsOf, type StackView, viewOf } from './rules/stack-view.ts';

/** A production with everything that a deployment may choose. */
const environment = {
  DEPLOY_ALARM_EMAIL: 'ops@example.com',
  DEPLOY_AWS_ACCOUNT_ID: '123456789012',
  DEPLOY_DOMAIN: 'api.example.com',
  DEPLOY_DOMAIN_CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:123456789012:certificate/1',
  DEPLOY_PROTECTION: 'off',
  DEPLOY_CORS_ORIGINS: 'https://app.example, https://admin.example',
  DEPLOY_JWT_ISSUER: 'https://issuer.example',
  DEPLOY_JWT_AUDIENCE: 'savepoint',
  DEPLOY_JWT_SCOPE: 'savepoint/operate',
  DEPLOY_JWT_CLIENT_ID: 'console',
  DEPLOY_JWT_TOKEN_ORIGIN: 'https://tokens.example',
  DEPLOY_RAW_EXPIRES_DAYS: '7',
  DEPLOY_ENRICHED_EXPIRES_DAYS: '400',
  DEPLOY_LOG_LEVEL: 'DEBUG',
  DEPLOY_SELF_HEALING: 'off',
  DEPLOY_RESERVED_CONCURRENCY: 'off',
  DEPLOY_VPC_SUBNET_IDS: 'subnet-1,subnet-2',
  DEPLOY_VPC_SECURITY_GROUP_IDS: 'sg-1',
  DEPLOY_VPC_ROUTE_TABLE_IDS: 'rtb-1,rtb-2',
  DEPLOY_COMPLETION_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:imports-done',
  DEPLOY_COMPLETION_WEBHOOK_URL: 'https://app.example/hook',
  DEPLOY_OTLP_ENDPOINT: 'https://traces.example',
};

let stack: StackView;

beforeAll(async () => {
  const [graph] = await evaluate([{ stage: 'production' }], { environment, bundleHandlers: false });
  if (!graph) throw new Error('nothing was evaluated');
  stack = viewOf(graph);
}, 600_000);

const functionOf = (name: string) => stack.inputs('function', `savepoint-production-${name}`);

test('it evaluates without an error', () => expect(stack.errors).toEqual([]));

test('no other account is touched', () => {
  expect(stack.app.providers).toEqual({
    aws: { region: 'eu-central-1', allowedAccountIds: ['123456789012'] },
  });
});

test('alarms go to the address', () => {
  expect(stack.inputs('subscription')).toMatchObject({ protocol: 'email', endpoint: 'ops@example.com' });
});

test('a production is removable where that is said, and keeps its files all the same', () => {
  expect(stack.app).toMatchObject({ protect: false, removal: 'retain' });
});

test('the API answers to its own name alone, with the given certificate', () => {
  expect(stack.inputs('domainName')).toMatchObject({
    domainName: 'api.example.com',
    domainNameConfiguration: { certificateArn: environment.DEPLOY_DOMAIN_CERTIFICATE_ARN },
  });
  expect(stack.inputs('api').disableExecuteApiEndpoint).toBe(true);
  expect(stack.all('dnsRecord')).toEqual([]);
});

test('a name in Route 53 gets its certificate and records', async () => {
  const { DEPLOY_DOMAIN_CERTIFICATE_ARN: _, ...others } = environment;
  const [graph] = await evaluate([{ stage: 'dev' }], { environment: others, bundleHandlers: false });
  const inRoute53 = viewOf(graph!);
  expect(inRoute53.errors).toEqual([]);
  expect(
    inRoute53
      .all('dnsRecord')
      .map(({ inputs }) => inputs.type)
      .sort(),
  ).toEqual(['A', 'AAAA', 'CNAME']);
});

test('browsers of the given origins may call', () => {
  expect(stack.inputs('api').corsConfiguration).toEqual({
    allowOrigins: ['https://app.example', 'https://admin.example'],
    allowMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowHeaders: ['authorization', 'content-type'],
    maxAge: 3600,
  });
});

test('JWTs take the place of the tokens and of their function', () => {
  expect(stack.inputs('authorizer')).toMatchObject({
    authorizerType: 'JWT',
    jwtConfiguration: { issuer: 'https://issuer.example', audiences: ['savepoint'] },
  });
  expect(functionOf('authorizer')).toEqual({});
  const open = stack.all('route').filter(({ inputs }) => inputs.authorizationType !== 'JWT');
  expect(open.map(({ inputs }) => inputs.routeKey).sort()).toEqual([
    'GET /console',
    'GET /console/{path+}',
    'GET /health',
    'GET /openapi.json',
  ]);
});

test('the API knows the scope, and the console where to sign in', () => {
  const { variables } = functionOf('api').environment as { variables: Record<string, string> };
  expect(issuerTold(variables)).toEqual({
    scope: 'savepoint/operate',
    signIn: {
      issuer: 'https://issuer.example',
      client_id: 'console',
      audience: 'savepoint',
      scope: 'savepoint/operate',
      token_origin: 'https://tokens.example',
    },
  });
});

test('files expire when told, and the status never before them', () => {
  const rules = stack.inputs('bucketLifecycle').rules as {
    filter: { prefix: string };
    expiration?: { days: number };
  }[];
  const days = Object.fromEntries(rules.map((rule) => [rule.filter.prefix, rule.expiration?.days]));
  expect(days).toMatchObject({
    'raw/': 7,
    'enriched/': 400,
    'rejects/': 400,
    'status/': 400,
    'index/': 400,
    'open/imports/': 400,
  });
});

test('only the functions that use the database join its network', () => {
  const network = { subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1'] };
  const joined = stack.all('function').filter(({ inputs }) => inputs.vpcConfig !== undefined);
  expect(joined.map(({ inputs }) => [inputs.name, inputs.vpcConfig])).toEqual([
    ['savepoint-production-database-import', network],
    ['savepoint-production-forget', network],
    ['savepoint-production-migrate', network],
  ]);
});

test('a private network gets the endpoints that a load needs, and no others', () => {
  const endpoints = stack.all('vpcEndpoint').map(({ inputs }) => inputs);
  const inSubnets = {
    vpcId: 'vpc-1',
    vpcEndpointType: 'Interface',
    privateDnsEnabled: true,
    subnetIds: ['subnet-1', 'subnet-2'],
  };
  expect(endpoints).toEqual([
    expect.objectContaining({
      vpcId: 'vpc-1',
      vpcEndpointType: 'Gateway',
      serviceName: 'com.amazonaws.eu-central-1.s3',
      routeTableIds: ['rtb-1', 'rtb-2'],
    }),
    expect.objectContaining({ ...inSubnets, serviceName: 'com.amazonaws.eu-central-1.secretsmanager' }),
    expect.objectContaining({ ...inSubnets, serviceName: 'com.amazonaws.eu-central-1.sqs' }),
  ]);
  expect(stack.inputs('securityGroup')).toMatchObject({
    vpcId: 'vpc-1',
    ingress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, securityGroups: ['sg-1'] }],
  });
});

test('the documentation says what the endpoints cost', async () => {
  const documentation = await readFile(join(root, 'docs', 'deploy.md'), 'utf8');
  expect(documentation).toContain(costTable(networkMonth(stack.resources)).join('\n'));
});

test('self-healing is switched off where the deployment says so', () => {
  expect(functionOf('reconcile').environment).toMatchObject({ variables: { SELF_HEALING: 'off' } });
});

test('no function keeps concurrency for itself where the account has too little', () => {
  expect(functionOf('igdb-search').reservedConcurrentExecutions).toBeUndefined();
});

test('each stage sends its traces, with headers that only it may read', () => {
  const headers = 'savepoint/production/otlp-headers';
  expect(stack.inputs('secret', headers)).toMatchObject({ name: headers });
  for (const { inputs } of stack.all('function')) {
    const { variables } = inputs.environment as { variables: Record<string, string> };
    const isStage = stageNames.some((name) => inputs.name === `savepoint-production-${name}`);
    expect([variables.OTEL_EXPORTER_OTLP_ENDPOINT, variables.OTLP_HEADERS_SECRET]).toEqual(
      isStage ? ['https://traces.example', headers] : [undefined, undefined],
    );
  }
});

test('each stage tells of the end of imports, signs it, and may publish to that topic alone', () => {
  const key = 'savepoint/production/completion-webhook-key';
  expect(stack.inputs('secret', key)).toMatchObject({ name: key });
  for (const name of stageNames) {
    expect(functionOf(name).environment).toMatchObject({
      variables: {
        LOG_LEVEL: 'DEBUG',
        COMPLETION_TOPIC_ARN: environment.DEPLOY_COMPLETION_TOPIC_ARN,
        COMPLETION_WEBHOOK_URL: environment.DEPLOY_COMPLETION_WEBHOOK_URL,
        COMPLETION_WEBHOOK_KEY_SECRET: key,
      },
    });
  }
  const publishers = stack
    .all('function')
    .flatMap(({ inputs }) => grantsOf(stack, String(inputs.name)).map((grant) => ({ inputs, grant })))
    .filter(({ grant }) => grant.Action.includes('sns:Publish'));
  expect(publishers.map(({ inputs, grant }) => [inputs.name, grant.Resource])).toEqual(
    [...stageNames]
      .sort()
      .map((name) => [`savepoint-production-${name}`, [environment.DEPLOY_COMPLETION_TOPIC_ARN]]),
  );
});
