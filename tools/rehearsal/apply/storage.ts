import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  type LifecycleRule,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type QueueConfiguration,
  type S3Client,
  type ServerSideEncryptionRule,
  type VersioningConfiguration,
} from '@aws-sdk/client-s3';
import type { Applier, Inputs } from './applier.ts';
import { pascalKeys } from './pascal-keys.ts';

const bucketOf = ({ bucket }: Inputs) => String(bucket);

async function createBucket(s3: S3Client, region: string, Bucket: string): Promise<void> {
  // us-east-1 is the default and the one region that may not be named.
  const where = { LocationConstraint: region as BucketLocationConstraint };
  await s3
    .send(
      new CreateBucketCommand({
        Bucket,
        ...(region !== 'us-east-1' && { CreateBucketConfiguration: where }),
      }),
    )
    .catch((error: Error) => {
      if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
    });
}

export const storage: Record<string, Applier> = {
  async 'aws:s3/bucket:Bucket'(inputs, { s3, region }) {
    await createBucket(s3, region, bucketOf(inputs));
    return undefined;
  },
  async 'aws:s3/bucketVersioning:BucketVersioning'(inputs, { s3 }) {
    const { Status } = pascalKeys(inputs.versioningConfiguration) as VersioningConfiguration;
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: bucketOf(inputs), VersioningConfiguration: { Status } }),
    );
    return undefined;
  },
  async 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock'(inputs, { s3 }) {
    const { bucket: _bucket, ...block } = inputs;
    await s3.send(
      new PutPublicAccessBlockCommand({
        Bucket: bucketOf(inputs),
        PublicAccessBlockConfiguration: pascalKeys(block) as Record<string, boolean>,
      }),
    );
    return undefined;
  },
  async 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration'(
    inputs,
    { s3 },
  ) {
    const Rules = (inputs.rules as Inputs[]).map(
      ({ applyServerSideEncryptionByDefault, bucketKeyEnabled }): ServerSideEncryptionRule => ({
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: (applyServerSideEncryptionByDefault as { sseAlgorithm: 'AES256' }).sseAlgorithm,
        },
        BucketKeyEnabled: bucketKeyEnabled as boolean,
      }),
    );
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket: bucketOf(inputs),
        ServerSideEncryptionConfiguration: { Rules },
      }),
    );
    return undefined;
  },
  async 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration'(inputs, { s3 }) {
    const Rules = (inputs.rules as Inputs[]).map(
      ({ id, ...rule }) => ({ ID: id, ...(pascalKeys(rule) as object) }) as LifecycleRule,
    );
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucketOf(inputs),
        LifecycleConfiguration: { Rules },
      }),
    );
    return undefined;
  },
  async 'aws:s3/bucketPolicy:BucketPolicy'(inputs, { s3 }) {
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucketOf(inputs), Policy: String(inputs.policy) }));
    return undefined;
  },
  async 'aws:s3/bucketNotification:BucketNotification'(inputs, { s3 }) {
    const QueueConfigurations = (inputs.queues as Inputs[]).map(
      ({ id, queueArn, events, filterPrefix, filterSuffix }): QueueConfiguration => ({
        Id: String(id),
        QueueArn: String(queueArn),
        Events: events as ['s3:ObjectCreated:*'],
        Filter: {
          Key: {
            FilterRules: [
              { Name: 'prefix', Value: String(filterPrefix) },
              { Name: 'suffix', Value: String(filterSuffix) },
            ],
          },
        },
      }),
    );
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucketOf(inputs),
        NotificationConfiguration: { QueueConfigurations },
      }),
    );
    return undefined;
  },
  async 'aws:s3/bucketObjectv2:BucketObjectv2'(inputs, { s3, region }, code) {
    // SST makes this bucket before it deploys anything.
    await createBucket(s3, region, bucketOf(inputs));
    const Key = String(inputs.key);
    await s3.send(new PutObjectCommand({ Bucket: bucketOf(inputs), Key, Body: await code(Key) }));
    return undefined;
  },
};
