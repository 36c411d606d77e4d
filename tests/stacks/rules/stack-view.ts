import { isDeepStrictEqual } from 'node:util';
import type { Graph, Resource } from '../../../tools/graph/evaluate.ts';

export { grantsOf, statementsOf } from '../../../tools/graph/roles.ts';

/** One demand on the deployment, and what of a graph breaks it. */
export type Rule = { rule: string; faults(stack: StackView): string[] };

type Inputs = Record<string, unknown>;

/** Short names of the resource types that the rules ask for. */
const types = {
  alarm: 'aws:cloudwatch/metricAlarm:MetricAlarm',
  api: 'aws:apigatewayv2/api:Api',
  apiStage: 'aws:apigatewayv2/stage:Stage',
  authorizer: 'aws:apigatewayv2/authorizer:Authorizer',
  bucket: 'aws:s3/bucket:Bucket',
  bucketCors: 'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration',
  bucketEncryption: 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  bucketLifecycle: 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
  bucketNotification: 'aws:s3/bucketNotification:BucketNotification',
  bucketPolicy: 'aws:s3/bucketPolicy:BucketPolicy',
  bucketVersioning: 'aws:s3/bucketVersioning:BucketVersioning',
  compositeAlarm: 'aws:cloudwatch/compositeAlarm:CompositeAlarm',
  dashboard: 'aws:cloudwatch/dashboard:Dashboard',
  dnsRecord: 'aws:route53/record:Record',
  domainName: 'aws:apigatewayv2/domainName:DomainName',
  function: 'aws:lambda/function:Function',
  invocationPermission: 'aws:lambda/permission:Permission',
  logGroup: 'aws:cloudwatch/logGroup:LogGroup',
  mapping: 'aws:lambda/eventSourceMapping:EventSourceMapping',
  publicAccessBlock: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  queryDefinition: 'aws:cloudwatch/queryDefinition:QueryDefinition',
  queue: 'aws:sqs/queue:Queue',
  queuePolicy: 'aws:sqs/queuePolicy:QueuePolicy',
  role: 'aws:iam/role:Role',
  route: 'aws:apigatewayv2/route:Route',
  schedule: 'aws:scheduler/schedule:Schedule',
  secret: 'aws:secretsmanager/secret:Secret',
  secretVersion: 'aws:secretsmanager/secretVersion:SecretVersion',
  subscription: 'aws:sns/topicSubscription:TopicSubscription',
  securityGroup: 'aws:ec2/securityGroup:SecurityGroup',
  vpcEndpoint: 'aws:ec2/vpcEndpoint:VpcEndpoint',
  topic: 'aws:sns/topic:Topic',
} as const;

/** What a deployment sets that somebody runs in earnest. */
export const alarmed = { DEPLOY_ALARM_EMAIL: 'ops@example.com' };

/** A graph with the questions that rules ask. */
export type StackView = Graph & {
  /** `savepoint-production`. */
  deployment: string;
  all(type: keyof typeof types): Resource[];
  /** The inputs of the one resource of a type, or of the one with a `name`; empty when there is none. */
  inputs(type: keyof typeof types, name?: string): Inputs;
};

export function viewOf(graph: Graph): StackView {
  const all = (type: keyof typeof types) => graph.resources.filter((each) => each.type === types[type]);
  return {
    ...graph,
    deployment: `savepoint-${graph.stage}`,
    all,
    inputs: (type, name) =>
      all(type).find((each) => name === undefined || each.inputs.name === name)?.inputs ?? {},
  };
}

/** `[]` when equal, else a sentence. */
export const different = (what: string, actual: unknown, expected: unknown): string[] =>
  isDeepStrictEqual(actual, expected)
    ? []
    : [`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`];

export const functionNames = [
  'steam-import',
  'igdb-enrichment',
  'database-import',
  'api',
  'authorizer',
  'migrate',
  'reconcile',
  'follow',
  'forget',
  'igdb-search',
];
