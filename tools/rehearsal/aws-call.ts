import type { IncomingHttpHeaders } from 'node:http';

/** Of a policy document, each list written out. */
export type Statement = {
  Effect: string;
  Principal?: '*' | Record<string, string[]>;
  Action: string[];
  Resource: string[];
  Condition?: Record<string, Record<string, string[]>>;
};

/** A request to AWS, as IAM sees it. */
export type AwsCall = { action: string; resource: string; prefix?: string };

const account = 'eu-central-1:123456789012';

/** What CloudWatch calls itself. */
const cloudWatch = 'GraniteServiceVersion20100801';

/** The function that Lambda is asked to run; undefined where it is not asked. */
export const invokedFunction = ({ pathname }: URL): string | undefined =>
  /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(pathname)?.[1];

/** Names the IAM action and resource of a request for S3 (path style), SQS, Secrets Manager, CloudWatch or Lambda. */
export function readAwsCall(method: string, url: URL, headers: IncomingHttpHeaders, body: string): AwsCall {
  const target = String(headers['x-amz-target'] ?? '');
  const [service, operation = ''] = target.split('.');
  if (service === 'AmazonSQS') {
    const { QueueUrl, QueueName } = JSON.parse(body) as { QueueUrl?: string; QueueName?: string };
    const queue = QueueName ?? QueueUrl?.split('/').at(-1);
    // A batch asks for the permission of its single action.
    return { action: `sqs:${operation.replace(/Batch$/, '')}`, resource: `arn:aws:sqs:${account}:${queue}` };
  }
  if (service === 'secretsmanager') {
    const { SecretId } = JSON.parse(body) as { SecretId: string };
    const resource = `arn:aws:secretsmanager:${account}:secret:${SecretId}-AbCdEf`;
    return { action: `secretsmanager:${operation}`, resource };
  }
  if (service === cloudWatch) return { action: `cloudwatch:${operation}`, resource: '*' };
  const invoked = invokedFunction(url);
  if (invoked !== undefined)
    return { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:${account}:function:${invoked}` };
  return readS3Call(method, url);
}

function readS3Call(method: string, url: URL): AwsCall {
  const [bucket, ...rest] = decodeURIComponent(url.pathname).slice(1).split('/');
  const key = rest.join('/');
  if (key === '') {
    return {
      action: 's3:ListBucket',
      resource: `arn:aws:s3:::${bucket}`,
      prefix: url.searchParams.get('prefix') ?? '',
    };
  }
  const actions: Record<string, string> = {
    GET: 's3:GetObject',
    HEAD: 's3:GetObject',
    PUT: 's3:PutObject',
    // Beginning and completing an upload in parts.
    POST: 's3:PutObject',
    DELETE: url.searchParams.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject',
  };
  return { action: actions[method] ?? method, resource: `arn:aws:s3:::${bucket}/${key}` };
}

/** Whether a role's statements allow the call. */
export const isGranted = (statements: Statement[], { action, resource, prefix = '' }: AwsCall): boolean =>
  statements.some(
    ({ Effect, Action, Resource, Condition }) =>
      Effect === 'Allow' &&
      Action.includes(action) &&
      Resource.some((pattern) => matches(pattern, resource)) &&
      (Condition?.StringLikeIfExists?.['s3:prefix'] ?? ['*']).some((pattern) => matches(pattern, prefix)),
  );

/** Whether an IAM pattern covers a text. */
export const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(text);
