import { logKeyObject } from '../packages/core/log-key.ts';
import type { Prefix } from '../packages/core/topology.ts';

/** One statement of a function's role: named actions on named resources, never a wildcard action. */
export type Permission = {
  actions: string[];
  resources: $util.Input<string>[];
  conditions?: { test: string; variable: string; values: string[] }[];
};

export const getObjects = (bucket: sst.aws.Bucket, ...prefixes: Prefix[]): Permission =>
  onObjects(bucket, prefixes, ['s3:GetObject']);

export const putObjects = (bucket: sst.aws.Bucket, ...prefixes: Prefix[]): Permission =>
  onObjects(bucket, prefixes, ['s3:PutObject']);

/** For files whose size is not known in advance; a failed upload is taken back. */
export const uploadObjects = (bucket: sst.aws.Bucket, ...prefixes: Prefix[]): Permission =>
  onObjects(bucket, prefixes, ['s3:PutObject', 's3:AbortMultipartUpload']);

export const deleteObjects = (bucket: sst.aws.Bucket, ...prefixes: Prefix[]): Permission =>
  onObjects(bucket, prefixes, ['s3:DeleteObject']);

const onObjects = (bucket: sst.aws.Bucket, prefixes: Prefix[], actions: string[]): Permission => ({
  actions,
  resources: prefixes.map((prefix) => $interpolate`${bucket.arn}/${prefix}*`),
});

/**
 * Listing a prefix, and a plain 404 for a key that is not there: S3 answers 403 to a reader that may not list, and it
 * makes that check without a prefix, which is why the condition holds only where a prefix is named.
 */
export const listObjects = (bucket: sst.aws.Bucket, ...prefixes: Prefix[]): Permission => ({
  actions: ['s3:ListBucket'],
  resources: [bucket.arn],
  conditions: [
    { test: 'StringLikeIfExists', variable: 's3:prefix', values: prefixes.map((prefix) => `${prefix}*`) },
  ],
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

/** Sending imports, and the operator's counting, reading and redriving, for the API. */
export const operateQueues = (...queues: sst.aws.Queue[]): Permission => ({
  actions: [
    'sqs:GetQueueUrl',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:SendMessage',
    'sqs:DeleteMessage',
  ],
  resources: queues.map((queue) => queue.arn),
});

export const countMessages = (...queues: sst.aws.Queue[]): Permission => ({
  actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
  resources: queues.map((queue) => queue.arn),
});

export const publishTo = (topicArn: string): Permission => ({
  actions: ['sns:Publish'],
  resources: [topicArn],
});
