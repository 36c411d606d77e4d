import { mockResource } from '../../tools/graph/aws-mocks.ts';
import { evaluate, type Resource } from '../../tools/graph/evaluate.ts';
import { statementsOf } from '../../tools/graph/roles.ts';
import { matches } from '../../tools/rehearsal/aws-call.ts';
import { read } from '../docs/markdown.ts';
import { alarmed } from './rules/stack-view.ts';

/** The example role in the documentation, held against what a deployment with everything has. */
const template = JSON.parse(read('docs/examples/github/deploy-role.json')) as {
  Resources: {
    DeployRole: {
      Properties: { AssumeRolePolicyDocument: unknown; Policies: { PolicyDocument: unknown }[] };
    };
  };
};
const { AssumeRolePolicyDocument, Policies } = template.Resources.DeployRole.Properties;
const statements = Policies.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));

let resources: Resource[];
beforeAll(async () => {
  const environment = {
    ...alarmed,
    DEPLOY_DOMAIN: 'api.example.com',
    DEPLOY_VPC_SUBNET_IDS: 'subnet-1',
    DEPLOY_VPC_SECURITY_GROUP_IDS: 'sg-1',
    DEPLOY_VPC_ROUTE_TABLE_IDS: 'rtb-1',
  };
  const [graph] = await evaluate([{ stage: 'pr-1234' }], { environment, bundleHandlers: false });
  expect(graph?.errors).toEqual([]);
  resources = graph?.resources ?? [];
}, 120_000);

/** How IAM calls what Pulumi calls `apigatewayv2`. */
const services: Record<string, string> = { apigatewayv2: 'apigateway' };
const ofLogs = /^aws:cloudwatch\/(logGroup|queryDefinition)/;

function serviceOf({ type }: Resource): string {
  if (ofLogs.test(type)) return 'logs';
  const service = /^aws:(\w+)\//.exec(type)?.[1] ?? '';
  return services[service] ?? service;
}

test('the role may make every kind of resource that a deployment has', () => {
  const known = new Set(statements.flatMap(({ Action }) => Action.map((action) => action.split(':')[0])));
  const needed = new Set(resources.filter(({ type }) => type.startsWith('aws:')).map(serviceOf));
  expect([...needed].filter((service) => !known.has(service))).toEqual([]);
});

test('everything that has a name is covered by its name, also in an environment of a pull request', () => {
  const named =
    /^aws:(s3\/bucket:|sqs\/queue:|sns\/topic:|lambda\/function:|iam\/role:|secretsmanager\/secret:|cloudwatch\/(logGroup|metricAlarm|compositeAlarm|dashboard):|scheduler\/schedule:)/;
  const arnOf = (resource: Resource): string => {
    const { name } = mockResource(resource).state as { name: string };
    const where = 'eu-central-1:123456789012';
    if (resource.type.startsWith('aws:cloudwatch/metricAlarm'))
      return `arn:aws:cloudwatch:${where}:alarm:${name}`;
    if (resource.type.startsWith('aws:cloudwatch/dashboard'))
      return `arn:aws:cloudwatch::123456789012:dashboard/${name}`;
    if (resource.type.startsWith('aws:scheduler'))
      return `arn:aws:scheduler:${where}:schedule/default/${name}`;
    return String(mockResource(resource).state.arn);
  };
  const uncovered = resources
    .filter(({ type }) => named.test(type))
    .filter((resource) => {
      const arn = arnOf(resource);
      return !statements.some(
        ({ Action, Resource }) =>
          Action.some((action) => action.startsWith(`${serviceOf(resource)}:`)) &&
          Resource.some((pattern) => pattern !== '*' && matches(pattern, arn)),
      );
    })
    .map(arnOf);
  expect(uncovered).toEqual([]);
});

test('it trusts the runs of one repository alone, and hands roles to nobody but Lambda and the scheduler', () => {
  const [trust] = statementsOf(AssumeRolePolicyDocument);
  expect(trust?.Condition?.StringEquals).toMatchObject({
    'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
  });
  const passing = statements.filter(({ Action }) => Action.includes('iam:PassRole'));
  expect(passing.map(({ Condition }) => Condition?.StringEquals?.['iam:PassedToService'])).toEqual([
    ['lambda.amazonaws.com', 'scheduler.amazonaws.com'],
  ]);
  expect(statements.flatMap(({ Action }) => Action).filter((action) => /^(\*|iam:\*)/.test(action))).toEqual(
    [],
  );
});
