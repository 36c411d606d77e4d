import { isDeepStrictEqual } from 'node:util';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import {
  deadLetterQueueName,
  deadLetterRetentionDays,
  forgetting,
  maxReceiveCount,
  messageRetentionDays,
  queueName,
  type Stage,
  stages,
  type Worker,
  visibilityTimeoutSeconds as topologyVisibilityTimeoutSeconds,
} from '@savepoint/core/topology.ts';

export type ProvisionedQueue = {
  queueUrl: string;
  queueArn: string;
  deadLetterQueueUrl: string;
  deadLetterQueueArn: string;
};

type Attributes = Partial<Record<QueueAttributeName, string>>;
type Options = {
  sqs: SQSClient;
  bucket: string;
  deployment: string;
  visibilityTimeoutSeconds: Partial<Record<Worker['name'], number>>;
};

/** Makes or mends each stage's queue and dead-letter queue, and those of forgetting. */
export async function provisionQueues(options: Options): Promise<Record<Worker['name'], ProvisionedQueue>> {
  const [steamImport, igdbEnrichment, databaseImport, forget] = await Promise.all([
    provisionWorker(stages['steam-import'], options),
    provisionWorker(stages['igdb-enrichment'], options),
    provisionWorker(stages['database-import'], options),
    provisionWorker(forgetting, options),
  ]);
  return {
    'steam-import': steamImport,
    'igdb-enrichment': igdbEnrichment,
    'database-import': databaseImport,
    forget,
  };
}

/** @param worker the bucket tells one that `reads` of new objects. */
async function provisionWorker(
  worker: Worker & Partial<Pick<Stage, 'reads'>>,
  options: Options,
): Promise<ProvisionedQueue> {
  const { sqs, deployment } = options;
  const deadLetters = await ensureQueue(sqs, deadLetterQueueName(deployment, worker.name), {
    MessageRetentionPeriod: String(deadLetterRetentionDays * 24 * 60 * 60),
  });
  const name = queueName(deployment, worker.name);
  const queueArn = deadLetters.queueArn.replace(/[^:]+$/, name);
  const visibilityTimeoutSeconds =
    options.visibilityTimeoutSeconds[worker.name] ?? topologyVisibilityTimeoutSeconds(worker);
  const queue = await ensureQueue(sqs, name, {
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    MessageRetentionPeriod: String(messageRetentionDays * 24 * 60 * 60),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.queueArn, maxReceiveCount }),
    ...(!worker.reads ? {} : { Policy: JSON.stringify(fromBucket(queueArn, options.bucket)) }),
  });
  return {
    ...queue,
    deadLetterQueueUrl: deadLetters.queueUrl,
    deadLetterQueueArn: deadLetters.queueArn,
  };
}

/** Lets S3 send, for this bucket of this account alone: bucket names pass from one account to another. */
function fromBucket(queueArn: string, bucket: string): object {
  const [, partition, , , account] = queueArn.split(':');
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'BucketNotifications',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:${partition}:s3:::${bucket}` },
          StringEquals: { 'aws:SourceAccount': account },
        },
      },
    ],
  };
}

async function ensureQueue(
  sqs: SQSClient,
  name: string,
  wanted: Attributes,
): Promise<{ queueUrl: string; queueArn: string }> {
  const queueUrl = await findQueue(sqs, name);
  if (queueUrl === null) {
    const created = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: wanted }));
    const { QueueArn } = await attributesOf(sqs, created.QueueUrl!);
    return { queueUrl: created.QueueUrl!, queueArn: QueueArn! };
  }
  const current = await attributesOf(sqs, queueUrl);
  const differs = Object.entries(wanted).some(
    ([key, value]) => !isDeepStrictEqual(parsed(current[key as QueueAttributeName]), parsed(value)),
  );
  if (differs) await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: wanted }));
  return { queueUrl, queueArn: current.QueueArn! };
}

/** Asked first, and not by CreateQueue, which fails where an attribute differs. */
async function findQueue(sqs: SQSClient, name: string): Promise<string | null> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl!;
  } catch (error) {
    if (/QueueDoesNotExist|NonExistentQueue/.test((error as Error).name)) return null;
    throw error;
  }
}

async function attributesOf(sqs: SQSClient, queueUrl: string): Promise<Attributes> {
  const answer = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return answer.Attributes ?? {};
}

/** Policies are JSON, whose spacing and order are not kept; numbers are JSON as well. */
function parsed(value: string | undefined): unknown {
  if (value === undefined) return undefined;
  const json = JSON.parse(value) as unknown;
  // Some answer maxReceiveCount as text.
  return typeof json === 'object' && json !== null && 'maxReceiveCount' in json
    ? { ...json, maxReceiveCount: Number(json.maxReceiveCount) }
    : json;
}
