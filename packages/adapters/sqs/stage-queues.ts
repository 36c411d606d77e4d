import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { continuationAttributes, failureAttributes } from '@savepoint/core/contracts/dead-letter.ts';
import type { StageQueues } from '@savepoint/core/operations/stage-queues.ts';
import { deadLetterQueueName, queueName, stageNames } from '@savepoint/core/topology.ts';
import { toQueueError } from './queue-error.ts';

/** Finds queue URLs by name, once each. */
export function createQueueUrls(sqs: SQSClient): (name: string) => Promise<string> {
  const known = new Map<string, Promise<string>>();
  return (name) => {
    const found = known.get(name) ?? findQueueUrl(sqs, name);
    known.set(name, found);
    found.catch(() => known.delete(name));
    return found;
  };
}

async function findQueueUrl(sqs: SQSClient, name: string): Promise<string> {
  try {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    return QueueUrl;
  } catch (error) {
    throw toQueueError(error, name);
  }
}

export function createStageQueues(sqs: SQSClient, deployment: string): StageQueues {
  const urlOf = createQueueUrls(sqs);
  const send = async (name: string, body: string, attributes?: Record<string, MessageAttributeValue>) => {
    const command = new SendMessageCommand({
      QueueUrl: await urlOf(name),
      MessageBody: body,
      MessageAttributes: attributes,
    });
    await sqs.send(command).catch((error) => Promise.reject(toQueueError(error, name)));
  };
  const count = async (name: string) => {
    const { Attributes = {} } = await sqs
      .send(new GetQueueAttributesCommand({ QueueUrl: await urlOf(name), AttributeNames: ['All'] }))
      .catch((error) => Promise.reject(toQueueError(error, name)));
    return {
      waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  };
  return {
    send: (stage, body) => send(queueName(deployment, stage), body),
    async acknowledge(stage, receiptHandles) {
      const name = queueName(deployment, stage);
      // A stage's batch is no larger than one call takes.
      const command = new DeleteMessageBatchCommand({
        QueueUrl: await urlOf(name),
        Entries: receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
      });
      await sqs.send(command).catch((error) => Promise.reject(toQueueError(error, name)));
    },
    async retryLater(stage, receiptHandle, delaySeconds) {
      const name = queueName(deployment, stage);
      const command = new ChangeMessageVisibilityCommand({
        QueueUrl: await urlOf(name),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: delaySeconds,
      });
      await sqs.send(command).catch((error) => Promise.reject(toQueueError(error, name)));
    },
    sendAgain: (stage, body, continuation) =>
      send(queueName(deployment, stage), body, stringAttributes(continuationAttributes(stage, continuation))),
    sendToDeadLetters: (stage, body, failure) =>
      send(deadLetterQueueName(deployment, stage), body, stringAttributes(failureAttributes(stage, failure))),
    countWaiting: async (stage) => (await count(queueName(deployment, stage))).waiting,
    depths: () =>
      Promise.all(
        stageNames.map(async (stage) => {
          const [queue, deadLetters] = await Promise.all([
            count(queueName(deployment, stage)),
            count(deadLetterQueueName(deployment, stage)),
          ]);
          return {
            stage,
            waiting: queue.waiting,
            in_flight: queue.inFlight,
            delayed: queue.delayed,
            dead_letters: deadLetters.waiting + deadLetters.inFlight,
          };
        }),
      ),
  };
}

const refusedCharacter = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
/** SQS refuses empty values and most control characters. */
export const stringAttributes = (values: Record<string, string>): Record<string, MessageAttributeValue> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: value.replace(refusedCharacter, ' ') || ' ' },
    ]),
  );
