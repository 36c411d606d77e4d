import type { S3Client } from '@aws-sdk/client-s3';
import { type Bucket, createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import type { Env } from './env.ts';

const clients = new WeakMap<Env['aws'], S3Client>();

/** The bucket, through the one client of this environment: a connection that stands serves everybody in it. */
export function bucketOf({ aws, bucketName }: Pick<Env, 'aws' | 'bucketName'>): Bucket {
  const client = clients.get(aws) ?? createS3Client(aws);
  clients.set(aws, client);
  return createBucket(client, bucketName);
}
