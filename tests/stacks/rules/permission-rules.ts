import { prefixes, stageNames, stages } from '@savepoint/core/topology.ts';
import { matches, type Statement } from '../../../tools/rehearsal/aws-call.ts';
import type { Rule, StackView } from './stack-view.ts';
import { different, functionNames, grantsOf } from './stack-view.ts';

const read = 's3:GetObject';
const write = 's3:PutObject';
const abort = 's3:AbortMultipartUpload';
const consume = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:GetQueueUrl',
  'sqs:ReceiveMessage',
];
const send = ['sqs:GetQueueUrl', 'sqs:SendMessage'];
const countAndSend = ['sqs:GetQueueAttributes', ...send];
const consumeAndSend = [...consume, 'sqs:SendMessage'].sort();
const secret = ['secretsmanager:GetSecretValue'];
const log = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const status = [read, write];
/** The key by which logs name people. */
const logKey = {
  'objects state/log-key.json': [read, write],
  'list state/log-key.json': ['s3:ListBucket'],
};

/** Where something of a person lies. */
const personal = [
  'raw/',
  'enriched/',
  'rejects/',
  'status/',
  'index/',
  'open/imports/',
  'open/pending/',
  'state/checkpoints/',
  'exports/',
  'follows/',
];
const forEach = (what: string, prefixes: readonly string[], actions: string[]): Record<string, string[]> =>
  Object.fromEntries(prefixes.map((prefix) => [`${what} ${prefix}*`, actions]));
const listVersions = ['s3:ListBucket', 's3:ListBucketVersions'];

/** Everything that each function may do: the resource, then the actions. */
const expected: Record<string, Record<string, string[]>> = {
  'steam-import': {
    'log steam-import': log,
    ...logKey,
    'secret steam-api-key': secret,
    'queue steam-import': consume,
    'queue steam-import-dlq': send,
    'objects raw/*': [write],
    'objects status/*': status,
    'objects index/*': [write],
    'objects open/imports/*': ['s3:DeleteObject', write],
    'objects follows/*': status,
    'list follows/*': ['s3:ListBucket'],
    'list status/*': ['s3:ListBucket'],
    'objects state/forgotten/*': [read],
    'list state/forgotten/*': ['s3:ListBucket'],
  },
  'igdb-enrichment': {
    'log igdb-enrichment': log,
    ...logKey,
    'secret igdb-credentials': secret,
    'queue igdb-enrichment': consumeAndSend,
    'queue igdb-enrichment-dlq': send,
    'objects raw/*': [read],
    'objects enriched/*': [abort, write],
    'objects rejects/*': ['s3:DeleteObject', write],
    'objects overrides/apps.csv': [read],
    'objects state/igdb-token.json': status,
    'objects state/lookup-memory.zst': status,
    'objects state/checkpoints/*': ['s3:DeleteObject', read, write],
    'objects open/pending/*': ['s3:DeleteObject', write],
    'objects status/*': status,
    'objects index/*': [write],
    'objects open/imports/*': ['s3:DeleteObject', write],
    'list overrides/apps.csv': ['s3:ListBucket'],
    'list raw/*': ['s3:ListBucket'],
    'list state/igdb-token.json': ['s3:ListBucket'],
    'list state/lookup-memory.zst': ['s3:ListBucket'],
    'list state/checkpoints/*': ['s3:ListBucket'],
    'list status/*': ['s3:ListBucket'],
    'objects state/forgotten/*': [read],
    'list state/forgotten/*': ['s3:ListBucket'],
  },
  'database-import': {
    'log database-import': log,
    ...logKey,
    'secret database-url': secret,
    'queue database-import': consume,
    'queue database-import-dlq': send,
    'objects enriched/*': [read],
    'objects rejects/*': ['s3:DeleteObject', write],
    'objects exports/*': status,
    'objects status/*': status,
    'objects index/*': [write],
    'objects open/imports/*': ['s3:DeleteObject', write],
    'list enriched/*': ['s3:ListBucket'],
    'list exports/*': ['s3:ListBucket'],
    'list status/*': ['s3:ListBucket'],
    'objects state/forgotten/*': [read],
    'list state/forgotten/*': ['s3:ListBucket'],
  },
  api: {
    'log api': log,
    ...logKey,
    'secret steam-api-key': secret,
    'queue steam-import': countAndSend,
    'queue steam-import-dlq': consume,
    'queue igdb-enrichment': countAndSend,
    'queue igdb-enrichment-dlq': consume,
    'queue database-import': countAndSend,
    'queue database-import-dlq': consume,
    'objects enriched/*': [read],
    'objects rejects/*': [read],
    'objects exports/*': [read],
    'objects status/*': status,
    'objects raw/*': [write],
    'objects index/*': [write],
    'objects open/imports/*': ['s3:DeleteObject', write],
    'objects follows/*': ['s3:DeleteObject', read, write],
    'objects overrides/apps.csv': [read, write],
    'list overrides/apps.csv': ['s3:ListBucket'],
    'queue forget': send,
    'function igdb-search': ['lambda:InvokeFunction'],
    '*': ['cloudwatch:GetMetricData'],
    ...forEach('list', personal, listVersions),
  },
  authorizer: { 'log authorizer': log, 'secret api-token': secret },
  'igdb-search': {
    'log igdb-search': log,
    'secret igdb-credentials': secret,
    'objects state/igdb-token.json': status,
    'list state/igdb-token.json': ['s3:ListBucket'],
  },
  migrate: { 'log migrate': log, 'secret database-url': secret },
  reconcile: {
    'log reconcile': log,
    ...logKey,
    'queue steam-import': countAndSend,
    'queue steam-import-dlq': consume,
    'queue igdb-enrichment': countAndSend,
    'queue igdb-enrichment-dlq': consume,
    'queue database-import': countAndSend,
    'queue database-import-dlq': consume,
    'objects status/*': status,
    'objects index/*': [write],
    'objects open/imports/*': ['s3:DeleteObject', write],
    'objects state/healing/*': status,
    'objects open/pending/*': ['s3:DeleteObject', ...status],
    'list open/pending/*': ['s3:ListBucket'],
    'list enriched/*': ['s3:ListBucket'],
    'list raw/*': ['s3:ListBucket'],
    'list state/healing/*': ['s3:ListBucket'],
    'list status/*': ['s3:ListBucket'],
    'list index/*': ['s3:ListBucket'],
    'list open/imports/*': ['s3:ListBucket'],
    'list state/indexed/*': ['s3:ListBucket'],
    'objects state/indexed/*': [write],
  },
  follow: {
    'log follow': log,
    ...logKey,
    'queue steam-import': countAndSend,
    'objects follows/*': [read],
    'objects state/following/*': status,
    'objects status/*': [write],
    'objects index/*': [write],
    'objects open/imports/*': [write],
    'list follows/*': ['s3:ListBucket'],
    'list state/following/*': ['s3:ListBucket'],
  },
  forget: {
    'log forget': log,
    ...logKey,
    'secret database-url': secret,
    'queue forget': consumeAndSend,
    'queue forget-dlq': send,
    'queue steam-import-dlq': consume,
    'queue igdb-enrichment-dlq': consume,
    'queue database-import-dlq': consume,
    ...forEach('objects', personal, ['s3:DeleteObject', 's3:DeleteObjectVersion', read]),
    ...forEach('objects', ['state/forgotten/', 'state/healing/'], status),
    ...forEach('list', personal, listVersions),
    ...forEach('list', ['state/forgotten/', 'state/healing/'], ['s3:ListBucket']),
  },
};

export const permissionRules: Rule[] = [
  {
    rule: 'each function may do exactly what is written here',
    faults: (stack) =>
      functionNames.flatMap((name) => {
        const granted = summarise(stack, grantsOf(stack, `${stack.deployment}-${name}`));
        const wanted = expected[name] ?? {};
        return [...new Set([...Object.keys(granted), ...Object.keys(wanted)])].flatMap((resource) =>
          different(`${name}: ${resource}`, granted[resource], wanted[resource]),
        );
      }),
  },
  {
    rule: 'no role is granted a wildcard action or every resource',
    faults: (stack) =>
      functionNames.flatMap((name) =>
        grantsOf(stack, `${stack.deployment}-${name}`)
          .filter(({ Effect }) => Effect === 'Allow')
          // CloudWatch knows no single metric as a resource.
          .filter(({ Action }) => String(Action) !== 'cloudwatch:GetMetricData')
          .flatMap(({ Action, Resource }) => [
            ...Action.filter((action) => action.includes('*')).map((action) => `${name} may do ${action}`),
            ...Resource.filter((resource) => resource === '*').map(() => `${name} may do ${Action} anywhere`),
          ]),
      ),
  },
  {
    rule: 'no stage may write where its own events come from',
    faults: (stack) =>
      stageNames.flatMap((name) => {
        const { reads } = stages[name];
        if (reads === null) return [];
        const bucket = `arn:aws:s3:::${stack.inputs('bucket').bucket}`;
        return grantsOf(stack, `${stack.deployment}-${name}`)
          .filter(({ Action }) => Action.some((action) => /^s3:(Put|\*)/.test(action)))
          .flatMap(({ Resource }) => Resource)
          .filter((resource) => matches(resource, `${bucket}/${prefixes[reads]}any.csv`))
          .map((resource) => `${name} may write ${resource}`);
      }),
  },
];

/** Grants as `what` → actions, with the account and the bucket's name left out. */
function summarise(stack: StackView, statements: Statement[]): Record<string, string[]> {
  const bucket = `arn:aws:s3:::${stack.inputs('bucket').bucket}`;
  const summary: Record<string, Set<string>> = {};
  for (const { Action, Resource, Condition } of statements) {
    for (const resource of Resource) {
      for (const what of shortNames(stack, resource, bucket, Condition)) {
        summary[what] = new Set([...(summary[what] ?? []), ...Action]);
      }
    }
  }
  return Object.fromEntries(Object.entries(summary).map(([what, actions]) => [what, [...actions].sort()]));
}

function shortNames(stack: StackView, resource: string, bucket: string, condition: Statement['Condition']) {
  const { deployment, stage } = stack;
  if (resource === bucket) {
    const prefixes = condition?.StringLikeIfExists?.['s3:prefix'] ?? ['everything'];
    return prefixes.map((prefix) => `list ${prefix}`);
  }
  return [
    resource
      .replace(`${bucket}/`, 'objects ')
      .replace(`arn:aws:lambda:eu-central-1:123456789012:function:${deployment}-`, 'function ')
      .replace(`arn:aws:sqs:eu-central-1:123456789012:${deployment}-`, 'queue ')
      .replace(`arn:aws:secretsmanager:eu-central-1:123456789012:secret:savepoint/${stage}/`, 'secret ')
      .replace(/-AbCdEf$/, '')
      .replace(
        new RegExp(`^arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/${deployment}-(.+):\\*$`),
        'log $1',
      ),
  ];
}
