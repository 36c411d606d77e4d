import type { Stage, Worker } from '../packages/core/topology.ts';
import {
  deadLetterQueueName,
  deadLetterRetentionDays,
  maxReceiveCount,
  messageRetentionDays,
  prefixes,
  queueName,
  visibilityTimeoutSeconds,
} from '../packages/core/topology.ts';
import type { Deployment } from './deployment.ts';
import { componentName } from './deployment.ts';
import type { PipelineFunction } from './function.ts';
import { createFunction } from './function.ts';
import { alarmOnStage } from './monitoring.ts';
import { consumeQueue, getObjects, listObjects, publishTo, sendToQueues } from './permissions.ts';
import { protectQueue } from './queue-policy.ts';

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
  stage: Stage,
  options: Pick<PipelineFunction, 'permissions' | 'usesDatabase' | 'environment'> & {
    /** Whether what an invocation has no time to finish goes on as a new message. */
    continues?: boolean;
  },
): DeployedStage {
  const { queue, deadLetterQueue, queuePolicy } = createQueues(deployment, stage);
  const notices = noticesOfEnd(deployment);
  const handler = createFunction(deployment, {
    ...options,
    name: stage.name,
    timeoutSeconds: stage.functionTimeoutSeconds,
    memoryMb: stage.memoryMb,
    permissions: [
      consumeQueue(queue),
      // Whether an import's person was forgotten since.
      getObjects(deployment.bucket, prefixes.forgotten),
      listObjects(deployment.bucket, prefixes.forgotten),
      // A permanent failure goes to the dead-letter queue at once, without the four useless retries.
      sendToQueues(deadLetterQueue, ...(options.continues ? [queue] : [])),
      ...notices.permissions,
      ...(options.permissions ?? []),
    ],
    environment: { ...notices.environment, ...options.environment },
  });
  subscribe(queue, handler, stage);
  alarmOnStage(deployment, stage);
  return { queue, deadLetterQueue, queuePolicy, function: handler };
}

/** Who is told. Every stage may be an import's last: the load when it is done, any when it is given up. */
function noticesOfEnd({ settings }: Deployment) {
  const { completionTopicArn, completionWebhookUrl, otlpEndpoint } = settings;
  return {
    permissions: completionTopicArn ? [publishTo(completionTopicArn)] : [],
    environment: {
      ...(completionTopicArn && { COMPLETION_TOPIC_ARN: completionTopicArn }),
      ...(completionWebhookUrl && { COMPLETION_WEBHOOK_URL: completionWebhookUrl }),
      ...(otlpEndpoint && { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
    },
  };
}

/** @param stage the bucket tells one that `reads` of new objects. */
export function createQueues(
  deployment: Deployment,
  stage: Worker & Partial<Pick<Stage, 'reads'>>,
): Omit<DeployedStage, 'function'> {
  const component = componentName(stage.name);
  const deadLetterQueue = createQueue(`${component}DeadLetters`, {
    name: deadLetterQueueName(deployment.name, stage.name),
    messageRetentionSeconds: deadLetterRetentionDays * daySeconds,
  });
  const queue = createQueue(
    `${component}Messages`,
    {
      name: queueName(deployment.name, stage.name),
      messageRetentionSeconds: messageRetentionDays * daySeconds,
    },
    {
      visibilityTimeout: `${visibilityTimeoutSeconds(stage)} seconds`,
      dlq: { queue: deadLetterQueue.arn, retry: maxReceiveCount },
    },
  );
  protectQueue(`${component}DeadLettersPolicy`, deadLetterQueue);
  const sender = stage.reads ? deployment.bucket : undefined;
  const queuePolicy = protectQueue(`${component}MessagesPolicy`, queue, sender);
  return { queue, deadLetterQueue, queuePolicy };
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

export const subscribe = (queue: sst.aws.Queue, handler: sst.aws.Function, stage: Worker) =>
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
