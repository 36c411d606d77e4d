/** The account that the graph is evaluated for. */
export const account = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' };

type Properties = Record<string, unknown>;
type NewResource = { type: string; name: string; inputs: Properties };
type Question = { token: string; inputs: Properties };

/** What AWS would answer to a created resource: its inputs, an ARN, and the few other facts that stacks use. */
export function mockResource({ type, name, inputs }: NewResource): { id: string; state: Properties } {
  const physicalName = String(
    inputs.name ?? inputs.bucket ?? inputs.dashboardName ?? inputs.alarmName ?? name,
  );
  const arn = arnOf(type, physicalName);
  const state: Properties = { name: physicalName, arn, ...inputs };
  if (type === 'aws:sqs/queue:Queue') {
    const url = `https://sqs.${account.region}.amazonaws.com/${account.accountId}/${physicalName}`;
    return { id: url, state: { ...state, url } };
  }
  if (type === 'aws:s3/bucket:Bucket') {
    return { id: physicalName, state: { ...state, bucket: physicalName } };
  }
  if (type === 'aws:lambda/function:Function') {
    const invokeArn = `arn:aws:apigateway:${account.region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
    return { id: physicalName, state: { ...state, invokeArn, publish: false } };
  }
  if (type === 'aws:apigatewayv2/api:Api') {
    const executionArn = `arn:aws:execute-api:${account.region}:${account.accountId}:${name}`;
    const apiEndpoint = `https://${name}.execute-api.${account.region}.amazonaws.com`;
    return { id: name, state: { ...state, executionArn, apiEndpoint } };
  }
  if (type === 'aws:apigatewayv2/domainName:DomainName') {
    const target = {
      targetDomainName: `d-1.execute-api.${account.region}.amazonaws.com`,
      hostedZoneId: 'Z1',
    };
    const configuration = inputs.domainNameConfiguration as Properties;
    return { id: name, state: { ...state, domainNameConfiguration: { ...configuration, ...target } } };
  }
  if (type === 'aws:acm/certificate:Certificate') {
    const record = {
      resourceRecordName: '_a.example.',
      resourceRecordType: 'CNAME',
      resourceRecordValue: '_b.example.',
    };
    return { id: name, state: { ...state, domainValidationOptions: [record] } };
  }
  if (type === 'random:index/randomBytes:RandomBytes') return { id: name, state: { base64: '' } };
  return { id: name, state };
}

function arnOf(type: string, name: string): string {
  const [, service, kind] = /^aws:(\w+)\/(\w+):/.exec(type) ?? ['', 'none', 'none'];
  const { region, accountId } = account;
  const special: Record<string, string> = {
    'aws:s3/bucket:Bucket': `arn:aws:s3:::${name}`,
    'aws:sqs/queue:Queue': `arn:aws:sqs:${region}:${accountId}:${name}`,
    'aws:sns/topic:Topic': `arn:aws:sns:${region}:${accountId}:${name}`,
    'aws:lambda/function:Function': `arn:aws:lambda:${region}:${accountId}:function:${name}`,
    'aws:iam/role:Role': `arn:aws:iam::${accountId}:role/${name}`,
    'aws:cloudwatch/compositeAlarm:CompositeAlarm': `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`,
    'aws:cloudwatch/logGroup:LogGroup': `arn:aws:logs:${region}:${accountId}:log-group:${name}`,
    'aws:secretsmanager/secret:Secret': `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-AbCdEf`,
  };
  return special[type] ?? `arn:aws:${service}:${region}:${accountId}:${kind}/${name}`;
}

/** What AWS would answer to a question. */
export function mockCall({ token, inputs }: Question): Properties {
  switch (token) {
    case 'aws:index/getPartition:getPartition':
      return { partition: account.partition, dnsSuffix: 'amazonaws.com' };
    case 'aws:index/getRegion:getRegion':
      return { region: account.region };
    case 'aws:ec2/getSubnet:getSubnet':
      return { id: inputs.id, vpcId: 'vpc-1' };
    case 'aws:index/getCallerIdentity:getCallerIdentity':
      return { accountId: account.accountId };
    case 'aws:iam/getPolicyDocument:getPolicyDocument':
      return policyDocument(inputs.statements as Statement[] | undefined);
    default:
      throw new Error(`The stack asks AWS something that the offline evaluation does not know: ${token}`);
  }
}

type Statement = {
  sid?: string;
  effect?: string;
  actions?: string[];
  resources?: string[];
  principals?: { type: string; identifiers: string[] }[];
  conditions?: { test: string; variable: string; values: string[] }[];
};

/** The data source `aws_iam_policy_document`: statements in, the policy's JSON out. */
function policyDocument(statements: Statement[] | undefined): Properties {
  // SST leaves out a role's inline policy when there are no statements, which it sees by their being undefined.
  if (!statements?.length) return { json: '{}' };
  const document = {
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect ?? 'Allow',
      Principal: statement.principals && principalOf(statement.principals),
      Action: statement.actions,
      Resource: statement.resources,
      Condition: statement.conditions && conditionsOf(statement.conditions),
    })),
  };
  return { json: JSON.stringify(document), statements };
}

/** AWS knows no kind of principal that is called `*`: everybody is the bare star. */
function principalOf(principals: NonNullable<Statement['principals']>): '*' | Properties {
  if (principals.some(({ type }) => type === '*')) return '*';
  const grouped: Record<string, string[]> = {};
  for (const { type, identifiers } of principals) grouped[type] = [...(grouped[type] ?? []), ...identifiers];
  return grouped;
}

function conditionsOf(conditions: NonNullable<Statement['conditions']>): Record<string, Properties> {
  const grouped: Record<string, Properties> = {};
  for (const { test, variable, values } of conditions) {
    grouped[test] = { ...grouped[test], [variable]: values };
  }
  return grouped;
}
