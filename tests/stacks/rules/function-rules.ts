import { stageNames, stages } from '@savepoint/core/topology.ts';
import type { Rule, StackView } from './stack-view.ts';
import { different, functionNames, statementsOf } from './stack-view.ts';

const everyFunction = (
  stack: StackView,
  check: (name: string, inputs: Record<string, unknown>) => string[],
) => functionNames.flatMap((name) => check(name, stack.inputs('function', `${stack.deployment}-${name}`)));

const variablesOf = (inputs: Record<string, unknown>) =>
  (inputs.environment as { variables: Record<string, string> } | undefined)?.variables ?? {};

const secretVariables: Record<string, Record<string, string>> = {
  'steam-import': { STEAM_API_KEY_SECRET: 'steam-api-key' },
  'igdb-enrichment': { IGDB_CREDENTIALS_SECRET: 'igdb-credentials' },
  'database-import': { DATABASE_URL_SECRET: 'database-url' },
  api: { STEAM_API_KEY_SECRET: 'steam-api-key' },
  authorizer: { API_TOKEN_SECRET: 'api-token' },
  migrate: { DATABASE_URL_SECRET: 'database-url' },
  reconcile: {},
  follow: {},
  forget: { DATABASE_URL_SECRET: 'database-url' },
  'igdb-search': { IGDB_CREDENTIALS_SECRET: 'igdb-credentials' },
};

/** Those that must trust the certificates of Amazon RDS. */
const databaseFunctions = new Set(['database-import', 'migrate', 'forget']);

export const functionRules: Rule[] = [
  {
    rule: 'the functions are these ten, named after project and stage',
    faults: (stack) =>
      different(
        'the list of functions',
        stack
          .all('function')
          .map(({ inputs }) => inputs.name)
          .sort(),
        functionNames.map((name) => `${stack.deployment}-${name}`).sort(),
      ),
  },
  {
    rule: 'IGDB is searched once at a time, and no other function keeps concurrency from the others',
    faults: (stack) =>
      everyFunction(stack, (name, inputs) =>
        different(
          `${name}: reserved concurrency`,
          inputs.reservedConcurrentExecutions,
          name === 'igdb-search' ? 1 : undefined,
        ),
      ),
  },
  {
    rule: 'every function runs on Node 24 and arm64',
    faults: (stack) =>
      everyFunction(stack, (name, inputs) => [
        ...different(`${name}: runtime`, inputs.runtime, 'nodejs24.x'),
        ...different(`${name}: architecture`, inputs.architectures, ['arm64']),
      ]),
  },
  {
    rule: 'the stages have the time and the memory of the topology, the API less than its gateway waits',
    faults: (stack) => [
      ...stageNames.flatMap((name) => {
        const { timeout, memorySize } = stack.inputs('function', `${stack.deployment}-${name}`);
        const { functionTimeoutSeconds, memoryMb } = stages[name];
        return different(
          `${name}: time and memory`,
          [timeout, memorySize],
          [functionTimeoutSeconds, memoryMb],
        );
      }),
      ...(Number(stack.inputs('function', `${stack.deployment}-api`).timeout) < 30
        ? []
        : ['api: may take longer than API Gateway waits']),
      ...(Number(stack.inputs('function', `${stack.deployment}-authorizer`).timeout) <= 10
        ? []
        : ['authorizer: may take longer than API Gateway waits']),
    ],
  },
  {
    rule: 'every function is bundled from its own file, minified, its source map beside it',
    faults: (stack) => [
      ...different(
        'the bundled handlers',
        stack.builds.map(({ handler }) => handler).sort(),
        functionNames.map((name) => `packages/functions/${name}.handler`).sort(),
      ),
      ...stack.builds.flatMap(({ handler, runtime, properties }) =>
        different(
          `${handler}: build`,
          [runtime, properties],
          [
            'nodejs24.x',
            {
              architecture: 'arm64',
              minify: true,
              sourcemap: true,
              splitting: true,
              esbuild: {
                keepNames: false,
                // Each of them for other machines than Lambda's.
                external: [
                  '@aws-sdk/credential-provider-http',
                  '@aws-sdk/credential-provider-ini',
                  '@aws-sdk/credential-provider-process',
                  '@aws-sdk/credential-provider-sso',
                  '@aws-sdk/credential-provider-web-identity',
                  '@smithy/credential-provider-imds',
                ],
              },
            },
          ],
        ),
      ),
    ],
  },
  {
    rule: 'logs are kept for a month, in a group of the function’s own',
    faults: (stack) => [
      ...everyFunction(stack, (name, inputs) =>
        different(`${name}: log group`, inputs.loggingConfig, {
          logFormat: 'Text',
          logGroup: `/aws/lambda/${stack.deployment}-${name}`,
        }),
      ),
      ...stack
        .all('logGroup')
        .flatMap(({ inputs }) => different(`${inputs.name}: days`, inputs.retentionInDays, 30)),
    ],
  },
  {
    rule: 'a function knows its bucket and its deployment, and the names of the secrets that it uses alone',
    faults: (stack) =>
      everyFunction(stack, (name, inputs) => {
        const { SST_KEY: _key, SST_KEY_FILE: _file, SST_RESOURCE_App: _app, ...own } = variablesOf(inputs);
        const secrets = Object.entries(secretVariables[name] ?? {}).map(([variable, secret]) => [
          variable,
          `savepoint/${stack.stage}/${secret}`,
        ]);
        return different(`${name}: environment`, own, {
          DEPLOYMENT: stack.deployment,
          S3_BUCKET: stack.inputs('bucket').bucket,
          LOG_LEVEL: 'INFO',
          ...(databaseFunctions.has(name) ? { NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem' } : {}),
          ...(name === 'reconcile' || name === 'api' ? { SELF_HEALING: 'on' } : {}),
          ...(name === 'api' ? { NOTICES: '' } : {}),
          ...(name === 'database-import'
            ? {
                LATE_IMPORT_DAYS: '90',
                JOURNAL_DAYS: '730',
                API_URL: 'https://HttpApiApi.execute-api.eu-central-1.amazonaws.com',
              }
            : {}),
          ...Object.fromEntries(secrets),
        });
      }),
  },
  {
    rule: 'a function’s role is trusted by Lambda alone and has no policy written elsewhere',
    faults: (stack) =>
      everyFunction(stack, (name, inputs) => {
        const role = stack.all('role').find((each) => String(inputs.role).endsWith(`/${each.inputs.name}`));
        const trusted = statementsOf(role?.inputs.assumeRolePolicy).map(({ Principal }) => Principal);
        return [
          ...different(`${name}: who may assume the role`, trusted, [{ Service: 'lambda.amazonaws.com' }]),
          ...different(`${name}: managed policies`, role?.inputs.managedPolicyArns, []),
        ];
      }),
  },
  {
    rule: 'no function stands in a network unless one is configured',
    faults: (stack) =>
      everyFunction(stack, (name, inputs) => different(`${name}: network`, inputs.vpcConfig, undefined)),
  },
  {
    rule: 'lost events are looked for every hour, dropped files too every day, followed libraries every five minutes',
    faults: (stack) => {
      const arnOf = (name: string) =>
        `arn:aws:lambda:eu-central-1:123456789012:function:${stack.deployment}-${name}`;
      const arn = arnOf('reconcile');
      const schedules = stack.all('schedule').map(({ inputs: { scheduleExpression, state, target } }) => {
        const { arn: called, input } = target as { arn?: string; input?: string };
        return [scheduleExpression, state, called, input];
      });
      return different('the schedules', schedules.sort(), [
        ['rate(1 day)', 'ENABLED', arn, '{"all":true}'],
        ['rate(1 hour)', 'ENABLED', arn, '{}'],
        ['rate(5 minutes)', 'ENABLED', arnOf('follow'), '{}'],
      ]);
    },
  },
];
