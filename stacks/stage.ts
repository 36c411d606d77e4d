import type { Stage } from '../packages/core/topology.ts';
import {
  deadLetterQueueName,
  deadLetterRetentionDays,
  maxReceiveCount,
  queueName,
  visibilityTimeoutSeconds,
} from '../packages/core/topology.ts';
import type { Deployment, PipelineFunction } from './function.ts';
import { componentName, createFunction } from './function.ts';
import type { AlarmSink } from './monitoring.ts';
import { alarmOnStage } from './monitoring.ts';
import { consumeQueue, sendToQueues } from './permissions.ts';

export type DeployedStage = {
  queue: sst.aws.Queue;
  deadLetterQueue: sst.aws.Queue;
  /** Must exist before S3 may be told to send to the queue. */
  queuePolicy: aws.sqs.QueuePolicy;
  function: sst.aws.Function;
};

const daySeconds = 24 * 60 * 60;

/**
 * One stage: a queue, its dead-letter queue, the function that works it off, and the alarms.
 * @param options what this stage's function may do beyond working off its own queue.
 */
export function createStage(
  deployment: Deployment,
  alarms: AlarmSink,
  stage: Stage,
  options: Pick<PipelineFunction, 'secrets' | 'permissions' | 'environment' | 'usesDatabase'>,
): DeployedStage {
  const component = componentName(stage.name);
  const deadLetterQueue = createQueue(`${component}DeadLetters`, {
    name: deadLetterQueueName(deployment.name, stage.name),
    messageRetentionSeconds: deadLetterRetentionDays * daySeconds,
  });
  const queue = createQueue(
    `${component}Messages`,
    { name: queueName(deployment.name, stage.name), messageRetentionSeconds: 4 * daySeconds },
    {
      visibilityTimeout: `${visibilityTimeoutSeconds(stage)} seconds`,
      dlq: { queue: deadLetterQueue.arn, retry: maxReceiveCount },
    },
  );
  const handler = createFunction(deployment, {
    ...options,
    name: stage.name,
    timeoutSeconds: stage.functionTimeoutSeconds,
    memoryMb: stage.memoryMb,
    permissions: [
      consumeQueue(queue),
      // A permanent failure goes to the dead-letter queue at once, without the four useless retries.
      sendToQueues(deadLetterQueue),
      ...(options.permissions ?? []),
    ],
  });
  queue.subscribe(handler.arn, {
    batch: {
      size: stage.batchSize,
      window: stage.batchWindowSeconds > 0 ? `${stage.batchWindowSeconds} seconds` : undefined,
      partialResponses: true,
    },
    transform: {
      eventSourceMapping: { scalingConfig: { maximumConcurrency: stage.maximumConcurrency } },
    },
  });
  alarmOnStage(deployment, alarms, stage);
  requireTls(`${component}DeadLettersPolicy`, deadLetterQueue);
  const queuePolicy = requireTls(
    `${component}MessagesPolicy`,
    queue,
    stage.readsPrefix === null ? undefined : deployment.bucket,
  );
  return { queue, deadLetterQueue, queuePolicy, function: handler };
}

type QueueSettings = { name: string; messageRetentionSeconds: number };

const createQueue = (
  component: string,
  settings: QueueSettings,
  args: Pick<sst.aws.QueueArgs, 'dlq' | 'visibilityTimeout'> = {},
) =>
  new sst.aws.Queue(component, {
    ...args,
    transform: { queue: { ...settings, sqsManagedSseEnabled: true } },
  });

/** @param sender the bucket whose events may enter the queue: that one, owned by this account, and no other. */
function requireTls(name: string, queue: sst.aws.Queue, sender?: sst.aws.Bucket): aws.sqs.QueuePolicy {
  const everybody = [{ type: '*', identifiers: ['*'] }];
  const statements: aws.types.input.iam.GetPolicyDocumentStatementArgs[] = [
    {
      sid: 'TlsOnly',
      effect: 'Deny',
      principals: everybody,
      actions: ['sqs:*'],
      resources: [queue.arn],
      conditions: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
    },
  ];
  if (sender) {
    statements.push({
      sid: 'EventsOfOwnBucket',
      effect: 'Allow',
      principals: [{ type: 'Service', identifiers: ['s3.amazonaws.com'] }],
      actions: ['sqs:SendMessage'],
      resources: [queue.arn],
      conditions: [
        { test: 'ArnEquals', variable: 'aws:SourceArn', values: [sender.arn] },
        {
          test: 'StringEquals',
          variable: 'aws:SourceAccount',
          values: [aws.getCallerIdentityOutput().accountId],
        },
      ],
    });
  }
  return new aws.sqs.QueuePolicy(name, {
    queueUrl: queue.url,
    policy: aws.iam.getPolicyDocumentOutput({ statements }).json,
  });
}
