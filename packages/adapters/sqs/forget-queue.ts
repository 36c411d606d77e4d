import { SendMessageCommand, type SendMessageCommandInput, type SQSClient } from '@aws-sdk/client-sqs';
import type { ForgetRequest } from '@savepoint/core/contracts/forget-request.ts';
import { deadLetterQueueName, forgetting, queueName, secondLookSeconds } from '@savepoint/core/topology.ts';
import { toQueueError } from './queue-error.ts';
import { createQueueUrls, stringAttributes } from './stage-queues.ts';

/** The queue of people who are to be forgotten. */
export type ForgetQueue = {
  /** @throws PipelineError QUEUE_UNAVAILABLE */
  send(request: ForgetRequest): Promise<void>;
  /** For a second look, when whatever is at work now has ended. */
  sendAgain(request: ForgetRequest): Promise<void>;
  /** What no retry can mend: kept for somebody to look at, with the reason. @param body of the message. */
  giveUp(body: string, error: { code: string; message: string }): Promise<void>;
};

export function createForgetQueue(sqs: SQSClient, deployment: string): ForgetQueue {
  const urlOf = createQueueUrls(sqs);
  const name = queueName(deployment, forgetting.name);
  const send = async (queue: string, message: Omit<SendMessageCommandInput, 'QueueUrl'>) => {
    const command = new SendMessageCommand({ QueueUrl: await urlOf(queue), ...message });
    await sqs.send(command).catch((error) => Promise.reject(toQueueError(error, queue)));
  };
  return {
    send: (request) => send(name, { MessageBody: JSON.stringify(request) }),
    sendAgain: (request) =>
      send(name, { MessageBody: JSON.stringify(request), DelaySeconds: secondLookSeconds }),
    giveUp: (MessageBody, { code, message }) =>
      send(deadLetterQueueName(deployment, forgetting.name), {
        MessageBody,
        MessageAttributes: stringAttributes({ error_code: code, error_message: message }),
      }),
  };
}
