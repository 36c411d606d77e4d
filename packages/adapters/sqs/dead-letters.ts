import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type DeadLetter, readDeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import type {
  DeadLetterOutcome,
  DeadLetterSelection,
  DeadLetters,
} from '@savepoint/core/operations/dead-letters.ts';
import { deadLetterQueueName, queueName, type StageName } from '@savepoint/core/topology.ts';
import { toQueueError } from './queue-error.ts';
import { createQueueUrls } from './stage-queues.ts';

/** How long a look may take before SQS shows the messages to others again. */
const lookSeconds = 120;
const parallelReceivers = 4;

/**
 * @param options.pollSeconds how long the last look waits for more. A poll of 0 asks only some of SQS's servers and may
 *   miss messages; on one machine it sees all.
 */
export function createDeadLetters(
  sqs: SQSClient,
  deployment: string,
  { pollSeconds = 1 }: { pollSeconds?: number } = {},
): DeadLetters {
  const urlOf = createQueueUrls(sqs);

  /** Hands what was there at the start to `handle`, batch by batch, which says what it removed; the rest is made visible again at the end. */
  const eachBatch = async (
    stage: StageName,
    handle: (batch: Message[], queueUrl: string) => Promise<Message[]>,
  ) => {
    const name = deadLetterQueueName(deployment, stage);
    const queueUrl = await urlOf(name);
    const kept = new Map<string, Message>();
    const startedAt = Date.now();
    const receive = async () => {
      for (;;) {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({
            QueueUrl: queueUrl,
            MaxNumberOfMessages: 10,
            VisibilityTimeout: lookSeconds,
            WaitTimeSeconds: pollSeconds,
            MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['All'],
          }),
        );
        if (Messages.length === 0) return;
        for (const message of Messages) kept.set(message.MessageId ?? '', message);
        // What is redriven and fails at once is here again already: it must not go round for ever.
        const old = Messages.filter(({ Attributes }) => Number(Attributes?.SentTimestamp ?? 0) <= startedAt);
        for (const removed of await handle(old, queueUrl)) kept.delete(removed.MessageId ?? '');
      }
    };
    try {
      const results = await Promise.allSettled(Array.from({ length: parallelReceivers }, receive));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    } catch (error) {
      throw toQueueError(error, name);
    } finally {
      await showAgain(sqs, queueUrl, [...kept.values()]);
    }
  };

  const remove = async (
    stage: StageName,
    selection: DeadLetterSelection,
    beforeDelete: (batch: Message[]) => Promise<Message[]>,
  ): Promise<DeadLetterOutcome> => {
    const outcome = { moved: 0, matching: 0 };
    let reserved = 0;
    await eachBatch(stage, async (batch, queueUrl) => {
      const matching = batch.filter((message) => matches(readMessage(stage, message), selection));
      outcome.matching += matching.length;
      const room = selection.dryRun ? 0 : Math.max(0, (selection.max ?? Infinity) - reserved);
      const chosen = matching.slice(0, room);
      reserved += chosen.length;
      const ready = chosen.length === 0 ? [] : await beforeDelete(chosen);
      const removed = ready.length === 0 ? [] : await deleteBatch(sqs, queueUrl, ready);
      outcome.moved += removed.length;
      return removed;
    });
    return outcome;
  };

  return {
    async list(stage) {
      const letters = new Map<string, DeadLetter>();
      await eachBatch(stage, async (batch) => {
        for (const message of batch) letters.set(message.MessageId ?? '', readMessage(stage, message));
        return [];
      });
      return [...letters.values()].sort((a, b) => a.first_failed_at.localeCompare(b.first_failed_at));
    },
    // First the copy, then the deletion: a crash between the two leaves two messages, never none.
    redrive: (stage, selection) =>
      remove(stage, selection, async (batch) =>
        sendBatch(sqs, await urlOf(queueName(deployment, stage)), batch),
      ),
    discard: (stage, selection) => remove(stage, selection, async (batch) => batch),
  };
}

const matches = (letter: DeadLetter, { importId, messageId }: DeadLetterSelection): boolean =>
  (importId === undefined || letter.import_id === importId) &&
  (messageId === undefined || letter.message_id === messageId);

function readMessage(stage: StageName, message: Message): DeadLetter {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [
    name,
    StringValue,
  ]);
  return readDeadLetter(stage, {
    messageId: message.MessageId ?? '',
    body: message.Body ?? '',
    attributes: Object.fromEntries(attributes),
    sentAt: new Date(Number(message.Attributes?.SentTimestamp ?? 0)),
    movedBySqs: message.Attributes?.DeadLetterQueueSourceArn !== undefined,
  });
}

/** @returns the messages that the queue took. */
async function sendBatch(sqs: SQSClient, queueUrl: string, batch: Message[]): Promise<Message[]> {
  const Entries = batch.map(({ Body, MessageAttributes }, index) => ({
    Id: String(index),
    MessageBody: Body,
    MessageAttributes,
  }));
  try {
    const { Successful = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    return Successful.map(({ Id }) => batch[Number(Id)]!);
  } catch (error) {
    // Together they may be larger than SQS takes at once, where each alone is not.
    if (batch.length === 1 || !/BatchRequestTooLong/.test((error as Error).name)) throw error;
    return (await Promise.all(batch.map((message) => sendBatch(sqs, queueUrl, [message])))).flat();
  }
}

/** @returns the messages that are gone. */
async function deleteBatch(sqs: SQSClient, queueUrl: string, batch: Message[]): Promise<Message[]> {
  const Entries = batch.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Successful = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  return Successful.map(({ Id }) => batch[Number(Id)]!);
}

/** Should SQS refuse, they show by themselves after `lookSeconds`; what went wrong before is what counts. */
async function showAgain(sqs: SQSClient, queueUrl: string, messages: Message[]): Promise<void> {
  for (let start = 0; start < messages.length; start += 10) {
    const Entries = messages
      .slice(start, start + 10)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs
      .send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }))
      .catch(() => undefined);
  }
}
