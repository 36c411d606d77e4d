import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { within } from '@savepoint/adapters/within.ts';
import type { Worker } from '@savepoint/core/topology.ts';
import type { Context, SQSEvent } from 'aws-lambda';
import { createContext, createSqsEvent, successfulMessageIds } from './lambda-invocation.ts';

export type EventSourceMapping = {
  /** Takes no more messages, and resolves when the batches in hand are answered and their deletes are done. */
  stop(): Promise<void>;
};

export type EventSourceMappingOptions = {
  sqs: SQSClient;
  queueUrl: string;
  queueArn: string;
  stage: Worker;
  handler: (event: SQSEvent, context: Context) => Promise<unknown>;
  /** Invocations at once. */
  concurrency: number;
  functionName: string;
  /** How long a poll may take beyond its wait before it is abandoned. Default: 10. */
  patienceSeconds?: number;
  /** Hears of failed invocations and of SQS failing; the messages concerned come again. Default: stderr. */
  onError?: (error: unknown) => void;
};

/** What SQS hands out or takes back in one request. */
const sqsBatchSize = 10;
/** Also the longest that `stop` waits for a poll whose SQS answers. */
const pollSeconds = 1;
/**
 * A poll is not cut off lightly: SQS would hand its messages to nobody, until their visibility timeout is over. But one
 * that is never answered would stop its stage for good.
 */
const patienceSeconds = 10;
const pauseAfterErrorMs = 1000;
/**
 * While an invocation runs, its messages are hidden on at this pace. In the cloud the visibility timeout outlasts
 * the function; here it is short, so that what a killed process had in hand comes back soon.
 */
const heartbeatSeconds = 5;

/**
 * Feeds a queue to a handler in this process the way Lambda's SQS event source does, with the same rules on which
 * messages are deleted. The batch window is not waited for: it saves invocations, which cost nothing here.
 * Messages that are not deleted return after their visibility timeout.
 */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { onError = (error) => console.error(`${options.functionName}:`, error) } = options;
  const invocations = new Set<Promise<void>>();
  let stopping = false;

  const poll = async () => {
    while (!stopping) {
      if (invocations.size >= options.concurrency) {
        await Promise.race(invocations);
        continue;
      }
      try {
        const messages = await receiveBatch(options);
        if (messages.length === 0) continue;
        // Given back, so that the next run need not wait for the visibility timeout.
        if (stopping) return await hide(options, messages, 0);
        const invocation = invoke(options, messages)
          .catch(onError)
          .finally(() => invocations.delete(invocation));
        invocations.add(invocation);
      } catch (error) {
        onError(error);
        await delay(pauseAfterErrorMs);
      }
    }
  };

  const polling = poll();
  return {
    stop: async () => {
      stopping = true;
      await polling;
      await Promise.all(invocations);
    },
  };
}

async function receiveBatch(options: EventSourceMappingOptions): Promise<Message[]> {
  const { stage } = options;
  const batch: Message[] = [];
  while (batch.length < stage.batchSize) {
    const asked = Math.min(sqsBatchSize, stage.batchSize - batch.length);
    const waitSeconds = batch.length === 0 ? pollSeconds : 0;
    try {
      const received = await receive(options, asked, waitSeconds);
      batch.push(...received);
      if (received.length < asked) break;
    } catch (error) {
      // What was received before is in hand, and nobody else sees it.
      if (batch.length === 0) throw error;
      break;
    }
  }
  return batch;
}

/** @throws Error also when SQS does not answer in time: the poll is given up, and its connection with it. */
async function receive(
  { sqs, queueUrl, patienceSeconds: patience = patienceSeconds }: EventSourceMappingOptions,
  messages: number,
  waitSeconds: number,
): Promise<Message[]> {
  const stop = new AbortController();
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: messages,
    WaitTimeSeconds: waitSeconds,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  const receiving = sqs.send(command, { abortSignal: stop.signal });
  const { Messages: received = [] } = await within(waitSeconds + patience, receiving, () => stop.abort());
  return received;
}

async function invoke(options: EventSourceMappingOptions, messages: Message[]): Promise<void> {
  const { stage, functionName, queueArn, handler } = options;
  const timeout = new AbortController();
  const context = createContext(stage, functionName, queueArn);
  const heartbeat = setInterval(
    () => void hide(options, messages, heartbeatSeconds * 3),
    heartbeatSeconds * 1000,
  );
  try {
    const answer = await Promise.race([
      handler(createSqsEvent(messages, queueArn), context),
      delay(stage.functionTimeoutSeconds * 1000, undefined, { signal: timeout.signal }).then(() => {
        throw new Error(`Task timed out after ${stage.functionTimeoutSeconds} seconds`);
      }),
    ]);
    const done = successfulMessageIds(messages, answer);
    await removeMessages(
      options,
      messages.filter(({ MessageId }) => done.has(MessageId!)),
    );
  } finally {
    clearInterval(heartbeat);
    timeout.abort();
  }
}

async function removeMessages(
  { sqs, queueUrl }: EventSourceMappingOptions,
  messages: Message[],
): Promise<void> {
  for (let start = 0; start < messages.length; start += sqsBatchSize) {
    const Entries = messages
      .slice(start, start + sqsBatchSize)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const { Failed: failed = [] } = await sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
    );
    if (failed.length > 0)
      throw new Error(`${failed.length} messages were not deleted: ${failed[0]!.Message}`);
  }
}

/**
 * Sets when messages come again. A failure does no harm: a message that comes too early is a duplicate, and one
 * that comes late waits for its visibility timeout.
 */
async function hide(
  { sqs, queueUrl }: EventSourceMappingOptions,
  messages: Message[],
  seconds: number,
): Promise<void> {
  for (let start = 0; start < messages.length; start += sqsBatchSize) {
    const Entries = messages
      .slice(start, start + sqsBatchSize)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: seconds }));
    await sqs
      .send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }))
      .catch(() => undefined);
  }
}
