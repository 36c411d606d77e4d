import { logKeyObject } from '../packages/core/log-key.ts';
import type { Prefix, prefixes } from '../packages/core/topology.ts';

/** Everything under a prefix, or one object by its whole key. */
type Place = Prefix | `${typeof prefixes.state}${string}` | `${typeof prefixes.overrides}${string}`;
const everyKeyOf = (place: Place): string => (place.endsWith('/') ? `${place}*` : place);

/** One statement of a function's role: named actions on named resources, never a wildcard action. */
export type Permission = {
  actions: string[];
  resources: $util.Input<string>[];
  conditions?: { test: string; variable: string; values: string[] }[];
};

export const getObjects = (bucket: sst.aws.Bucket, ...places: Place[]): Permission =>
  onObjects(bucket, places, ['s3:GetObject']);

export const putObjects = (bucket: sst.aws.Bucket, ...places: Place[]): Permission =>
  onObjects(bucket, places, ['s3:PutObject']);

/** For files of a size that is not known in advance, in parts; a failed upload is taken back. */
export const uploadObjects = (bucket: sst.aws.Bucket, ...places: Place[]): Permission =>
  onObjects(bucket, places, ['s3:PutObject', 's3:AbortMultipartUpload']);

export const deleteObjects = (bucket: sst.aws.Bucket, ...places: Place[]): Permission =>
  onObjects(bucket, places, ['s3:DeleteObject']);

/** For good, with all that a versioned bucket keeps. */
export const deleteObjectVersions = (bucket: sst.aws.Bucket, ...prefixes: Prefix[]): Permission =>
  onObjects(bucket, prefixes, ['s3:DeleteObject', 's3:DeleteObjectVersion']);

export const listObjectVersions = (bucket: sst.aws.Bucket, ...prefixes: Prefix[]): Permission => ({
  actions: ['s3:ListBucketVersions'],
  resources: [bucket.arn],
  conditions: [
    { test: 'StringLikeIfExists', variable: 's3:prefix', values: prefixes.map((prefix) => `${prefix}*`) },
  ],
});

const onObjects = (bucket: sst.aws.Bucket, places: Place[], actions: string[]): Permission => ({
  actions,
  resources: places.map((place) => $interpolate`${bucket.arn}/${everyKeyOf(place)}`),
});

/**
 * Listing a prefix, and a plain 404 for a key that is not there: S3 answers 403 to a reader that may not list, and it
 * makes that check without a prefix, which is why the condition holds only where a prefix is named.
 */
export const listObjects = (bucket: sst.aws.Bucket, ...places: Place[]): Permission => ({
  actions: ['s3:ListBucket'],
  resources: [bucket.arn],
  conditions: [{ test: 'StringLikeIfExists', variable: 's3:prefix', values: places.map(everyKeyOf) }],
});

/** The key by which logs name people: read, and made where there is none. */
export const keepLogKey = (bucket: sst.aws.Bucket): Permission[] => [
  { actions: ['s3:GetObject', 's3:PutObject'], resources: [$interpolate`${bucket.arn}/${logKeyObject}`] },
  {
    actions: ['s3:ListBucket'],
    resources: [bucket.arn],
    conditions: [{ test: 'StringLikeIfExists', variable: 's3:prefix', values: [logKeyObject] }],
  },
];

export const readSecret = (secret: aws.secretsmanager.Secret): Permission => ({
  actions: ['secretsmanager:GetSecretValue'],
  resources: [secret.arn],
});

/** What Lambda asks with the function's role, and the function for a message that it leaves for later. */
export const consumeQueue = (queue: sst.aws.Queue): Permission => ({
  actions: [
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
  ],
  resources: [queue.arn],
});

export const sendToQueues = (...queues: sst.aws.Queue[]): Permission => ({
  actions: ['sqs:SendMessage', 'sqs:GetQueueUrl'],
  resources: queues.map((queue) => queue.arn),
});

/** Looking through dead letters, and taking out those that are sent back or discarded. */
export const emptyQueues = (...queues: sst.aws.Queue[]): Permission => ({
  actions: [
    'sqs:GetQueueUrl',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
  ],
  resources: queues.map((queue) => queue.arn),
});

export const countMessages = (...queues: sst.aws.Queue[]): Permission => ({
  actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
  resources: queues.map((queue) => queue.arn),
});

/** CloudWatch grants the reading of all metrics of the account, or of none. */
export const readMetrics: Permission = { actions: ['cloudwatch:GetMetricData'], resources: ['*'] };

export const invokeFunctions = (...functions: sst.aws.Function[]): Permission => ({
  actions: ['lambda:InvokeFunction'],
  resources: functions.map(({ arn }) => arn),
});

export const publishTo = (topicArn: string): Permission => ({
  actions: ['sns:Publish'],
  resources: [topicArn],
});
