import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ForgetRequest } from '@savepoint/core/contracts/forget-request.ts';
import { forgetting, queueName, secondLookSeconds } from '@savepoint/core/topology.ts';
import { toQueueError } from './queue-error.ts';
import { createQueueUrls } from './stage-queues.ts';

/** The queue of people who are to be forgotten. */
export type ForgetQueue = {
  /** @throws PipelineError QUEUE_UNAVAILABLE */
  send(request: ForgetRequest): Promise<void>;
  /** For a second look, when whatever is at work now has ended. */
  sendAgain(request: ForgetRequest): Promise<void>;
};

export function createForgetQueue(sqs: SQSClient, deployment: string): ForgetQueue {
  const urlOf = createQueueUrls(sqs);
  const name = queueName(deployment, forgetting.name);
  const send = async (request: ForgetRequest, DelaySeconds?: number) => {
    const command = new SendMessageCommand({
      QueueUrl: await urlOf(name),
      MessageBody: JSON.stringify(request),
      DelaySeconds,
    });
    await sqs.send(command).catch((error) => Promise.reject(toQueueError(error, name)));
  };
  return { send: (request) => send(request), sendAgain: (request) => send(request, secondLookSeconds) };
}
