import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type Bucket, createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { type Provisioned, provision } from '@savepoint/local/provision.ts';
import { startTestAws, type TestAws } from './aws.ts';
import { drainQueue } from './queue.ts';

export const bucket = 'savepoint-test';
export const deployment = 'savepoint-test';

/** S3 and SQS with the pipeline's bucket and queues, and a short way to its objects. */
export type PipelineAws = TestAws & {
  bucket: Bucket;
  queues: Provisioned['queues'];
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** Null where there is no such object. */
  get(key: string): Promise<string | null>;
  exists(key: string): Promise<boolean>;
  keys(prefix?: string): Promise<string[]>;
};

export async function startPipelineAws(): Promise<PipelineAws> {
  const aws = await startTestAws();
  const { queues } = await provision({ s3: aws.s3, sqs: aws.sqs, bucket, deployment });
  // The test events that S3 sent when it was told of the queues.
  for (const { queueUrl } of Object.values(queues)) await drainQueue(aws.sqs, queueUrl);
  const exists = (key: string) =>
    aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })).then(
      () => true,
      () => false,
    );
  return {
    ...aws,
    bucket: createBucket(aws.s3, bucket),
    queues,
    exists,
    async put(key, body) {
      await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(body) }));
    },
    async get(key) {
      if (!(await exists(key))) return null;
      const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
    async keys(prefix = '') {
      const { Contents = [] } = await aws.s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
      );
      return Contents.map(({ Key }) => Key ?? '');
    },
  };
}
