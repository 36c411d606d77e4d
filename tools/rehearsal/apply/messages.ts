import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { Applier } from './applier.ts';

export const messages: Record<string, Applier> = {
  async 'aws:sqs/queue:Queue'(inputs, { sqs }) {
    const { QueueUrl: url = '' } = await sqs.send(
      new CreateQueueCommand({
        QueueName: String(inputs.name),
        Attributes: {
          MessageRetentionPeriod: String(inputs.messageRetentionSeconds),
          VisibilityTimeout: String(inputs.visibilityTimeoutSeconds),
          DelaySeconds: String(inputs.delaySeconds),
          SqsManagedSseEnabled: String(inputs.sqsManagedSseEnabled),
          ...(inputs.redrivePolicy ? { RedrivePolicy: String(inputs.redrivePolicy) } : {}),
        },
      }),
    );
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    );
    return { url, arn: Attributes?.QueueArn };
  },
  async 'aws:sqs/queuePolicy:QueuePolicy'(inputs, { sqs }) {
    await sqs.send(
      new SetQueueAttributesCommand({
        QueueUrl: String(inputs.queueUrl),
        Attributes: { Policy: String(inputs.policy) },
      }),
    );
    return undefined;
  },
  async 'aws:sns/topic:Topic'(inputs, { sns }) {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: String(inputs.name) }));
    return { arn: TopicArn };
  },
  async 'aws:sns/topicSubscription:TopicSubscription'(inputs, { sns }) {
    const { topic, protocol, endpoint } = inputs;
    await sns.send(
      new SubscribeCommand({
        TopicArn: String(topic),
        Protocol: String(protocol),
        Endpoint: String(endpoint),
      }),
    );
    return undefined;
  },
};
