import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  GetBucketNotificationConfigurationCommand,
  HeadBucketCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  type QueueConfiguration,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { PipelineError } from '@savepoint/core/errors.ts';
import { eventSuffix, prefixes, stageNames, stages, type Worker } from '@savepoint/core/topology.ts';
import { type ProvisionedQueue, provisionQueues } from './provision-queues.ts';

export type Provisioned = { bucket: string; queues: Record<Worker['name'], ProvisionedQueue> };

/**
 * Makes the pipeline's queues, dead-letter queues, bucket and bucket notification as the topology says, through the
 * AWS API alone, so that it works on fauxqs, moto, LocalStack and AWS. What is there is kept, and only what differs
 * is changed: a second run sends no test event and loses no message.
 *
 * @param options.deployment prefix of the queues' names, `savepoint-local` on one machine.
 * @param options.visibilityTimeoutSeconds a stage's own visibility timeout, where the cloud's six function timeouts
 *   would keep a person waiting.
 * @throws PipelineError `BUCKET_NOT_OURS`; errors of the AWS SDK as they are.
 */
export async function provision(options: {
  s3: S3Client;
  sqs: SQSClient;
  bucket: string;
  deployment: string;
  visibilityTimeoutSeconds?: Partial<Record<Worker['name'], number>>;
}): Promise<Provisioned> {
  const { s3, sqs, bucket, deployment, visibilityTimeoutSeconds = {} } = options;
  const [queues] = await Promise.all([
    provisionQueues({ sqs, bucket, deployment, visibilityTimeoutSeconds }),
    ensureBucket(s3, bucket),
  ]);
  await ensureNotification(s3, bucket, notifications(deployment, queues));
  return { bucket, queues };
}

async function ensureBucket(s3: S3Client, bucket: string): Promise<void> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    return;
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 403 || status === 301) throw notOurs(bucket, error);
    if (status !== 404) throw error;
  }
  const region = await s3.config.region();
  // us-east-1 is the default and the one region that may not be named.
  const location = region === 'us-east-1' ? {} : { LocationConstraint: region as BucketLocationConstraint };
  await s3.send(
    new CreateBucketCommand({
      Bucket: bucket,
      ...(region === 'us-east-1' ? {} : { CreateBucketConfiguration: location }),
    }),
  );
}

function notOurs(bucket: string, cause: unknown): PipelineError {
  return new PipelineError(
    'BUCKET_NOT_OURS',
    `The bucket ${bucket} belongs to another account or region; set S3_BUCKET to a name of your own.`,
    { retryable: false, cause },
  );
}

const notifications = (deployment: string, queues: Provisioned['queues']): QueueConfiguration[] =>
  stageNames.flatMap((name) => {
    const { reads } = stages[name];
    if (reads === null) return [];
    return {
      Id: `${deployment}-${name}`,
      QueueArn: queues[name].queueArn,
      Events: ['s3:ObjectCreated:*'],
      Filter: {
        Key: {
          FilterRules: [
            { Name: 'prefix', Value: prefixes[reads] },
            { Name: 'suffix', Value: eventSuffix },
          ],
        },
      },
    } satisfies QueueConfiguration;
  });

/** Puts our notifications beside those that others made: S3 knows only the whole configuration. */
async function ensureNotification(s3: S3Client, bucket: string, ours: QueueConfiguration[]): Promise<void> {
  const { $metadata: _, ...current } = await s3.send(
    new GetBucketNotificationConfigurationCommand({ Bucket: bucket }),
  );
  const ids = new Set(ours.map(({ Id }) => Id));
  const existing = (current.QueueConfigurations ?? []).filter(({ Id }) => ids.has(Id));
  if (isDeepStrictEqual(comparable(existing), comparable(ours))) return;
  const others = (current.QueueConfigurations ?? []).filter(({ Id }) => !ids.has(Id));
  await putNotification(s3, bucket, { ...current, QueueConfigurations: [...others, ...ours] });
}

/** AWS writes `Prefix` where it was given `prefix`, and keeps no order. */
const comparable = (configurations: readonly QueueConfiguration[]) =>
  configurations
    .map(({ Id, QueueArn, Events, Filter }) => ({
      Id,
      QueueArn,
      Events: [...(Events ?? [])].sort(),
      rules: (Filter?.Key?.FilterRules ?? [])
        .map(({ Name, Value }) => `${Name?.toLowerCase()}=${Value}`)
        .sort(),
    }))
    .sort((a, b) => String(a.Id).localeCompare(String(b.Id)));

/** S3 checks that it may send to each queue, and on AWS a queue's new policy takes some seconds to count. */
async function putNotification(
  s3: S3Client,
  bucket: string,
  configuration: NotificationConfiguration,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await s3.send(
        new PutBucketNotificationConfigurationCommand({
          Bucket: bucket,
          NotificationConfiguration: configuration,
        }),
      );
      return;
    } catch (error) {
      if ((error as Error).name !== 'InvalidArgument' || attempt === 5) throw error;
      await delay(2000);
    }
  }
}
