import {
  DeleteMessageBatchCommand,
  type Message,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import {
  type DeadLetter,
  failureAttributes,
  readDeadLetter,
  readFailure,
} from '@savepoint/core/contracts/dead-letter.ts';
import {
  type DeadLetterSelection,
  type DeadLetters,
  fitsFilter,
} from '@savepoint/core/operations/dead-letters.ts';
import { type HealableLetter, type HealPorts, isHealable } from '@savepoint/core/operations/heal.ts';
import { deadLetterQueueName, queueName, type StageName } from '@savepoint/core/topology.ts';
import { type LookLimits, lookThroughQueue } from './look-through-queue.ts';
import { toQueueError } from './queue-error.ts';
import { createQueueUrls, stringAttributes } from './stage-queues.ts';

/** A call of the HTTP API has 29 seconds in all. */
const defaultLimits: LookLimits = { pollSeconds: 1, deadlineSeconds: 20, patienceSeconds: 3 };

export type DeadLetterOptions = Partial<LookLimits> & {
  /** Hears of imports whose letters go back to work, before they do. */
  beforeSendingBack?: (importIds: readonly ImportId[]) => Promise<void>;
};

/** @throws PipelineError QUEUE_UNAVAILABLE, from each call */
export function createDeadLetters(
  sqs: SQSClient,
  deployment: string,
  { beforeSendingBack = async () => undefined, ...limits }: DeadLetterOptions = {},
): DeadLetters & HealPorts['deadLetters'] {
  const urlOf = createQueueUrls(sqs);

  const sendBack = async (stage: StageName, batch: Message[]): Promise<Message[]> => {
    await beforeSendingBack(batch.flatMap((message) => readMessage(stage, message).import_id ?? []));
    return sendBatch(sqs, await urlOf(queueName(deployment, stage)), batch);
  };

  const lookThrough = async (
    stage: StageName,
    handle: (batch: Message[], queueUrl: string) => Promise<{ removed: Message[]; enough: boolean }>,
  ): Promise<boolean> => {
    const name = deadLetterQueueName(deployment, stage);
    const queueUrl = await urlOf(name);
    return lookThroughQueue(sqs, queueUrl, { ...defaultLimits, ...limits }, (batch) =>
      handle(batch, queueUrl),
    ).catch((error) => Promise.reject(toQueueError(error, name)));
  };

  /** @param beforeDelete says which may be deleted. */
  const remove = async (
    stage: StageName,
    selection: DeadLetterSelection,
    beforeDelete: (batch: Message[]) => Promise<Message[]>,
  ) => {
    const { max = Infinity, dryRun = false } = selection;
    let matching = 0;
    let chosen = 0;
    let removed = 0;
    const sawAll = await lookThrough(stage, async (batch, queueUrl) => {
      const fitting = batch.filter((message) => fitsFilter(readMessage(stage, message), selection));
      matching += fitting.length;
      const taken = fitting.slice(0, max - chosen);
      chosen += taken.length;
      const ready = dryRun || taken.length === 0 ? [] : await beforeDelete(taken);
      const gone = ready.length === 0 ? [] : await deleteBatch(sqs, queueUrl, ready);
      removed += gone.length;
      return { removed: gone, enough: false };
    });
    const more = !sawAll || matching > (dryRun ? chosen : removed);
    return { removed, matching, more, dry_run: dryRun };
  };

  return {
    async list(stage, { max, ...filter }) {
      const letters: DeadLetter[] = [];
      const sawAll = await lookThrough(stage, async (batch) => {
        const found = batch.map((message) => readMessage(stage, message));
        letters.push(...found.filter((letter) => fitsFilter(letter, filter)));
        return { removed: [], enough: letters.length > max };
      });
      const messages = letters
        .sort((a, b) => a.first_failed_at.localeCompare(b.first_failed_at))
        .slice(0, max);
      return { messages, truncated: !sawAll || messages.length < letters.length };
    },
    // First the copy, then the deletion: a crash between the two leaves two messages, never none.
    async redrive(stage, selection) {
      const { removed: moved, ...outcome } = await remove(stage, selection, (batch) =>
        sendBack(stage, batch),
      );
      return { moved, ...outcome };
    },
    async discard(stage, selection) {
      const { removed: discarded, ...outcome } = await remove(stage, selection, async (batch) => batch);
      return { discarded, ...outcome };
    },
    async listHealable(stage) {
      const letters: HealableLetter[] = [];
      await lookThrough(stage, async (batch) => {
        letters.push(...batch.map((message) => readHealable(stage, message)).filter(isHealable));
        return { removed: [], enough: letters.length >= healableAtOnce };
      });
      return letters;
    },
    async sendRound(stage, letters) {
      const wanted = new Map(letters.map((letter) => [letter.message_id, letter]));
      const sent: HealableLetter[] = [];
      await lookThrough(stage, async (batch, queueUrl) => {
        const chosen = batch.filter(({ MessageId = '' }) => wanted.has(MessageId));
        if (chosen.length === 0) return { removed: [], enough: false };
        const taken = await sendBack(
          stage,
          chosen.map((message) => oneRoundOlder(stage, message)),
        );
        const removed = taken.length === 0 ? [] : await deleteBatch(sqs, queueUrl, taken);
        for (const { MessageId = '' } of removed) sent.push(wanted.get(MessageId)!);
        return { removed, enough: sent.length === wanted.size };
      });
      return sent;
    },
  };
}

/** More than one step needs. */
const healableAtOnce = 10_000;

const readHealable = (stage: StageName, message: Message): HealableLetter => ({
  ...readMessage(stage, message),
  rounds: readFailure(attributesOf(message))?.rounds ?? 0,
});

/** The message as its next round carries it; also for one that SQS moved, which has nothing to tell. */
function oneRoundOlder(stage: StageName, message: Message): Message {
  const { rounds, ...letter } = readHealable(stage, message);
  const failure = {
    importId: letter.import_id,
    attempts: letter.attempts,
    firstFailedAt: letter.first_failed_at,
    lastFailedAt: letter.last_failed_at,
    error: letter.error,
    rounds: rounds + 1,
  };
  return { ...message, MessageAttributes: stringAttributes(failureAttributes(stage, failure)) };
}

const attributesOf = ({ MessageAttributes = {} }: Message): Record<string, string> =>
  Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
  );

function readMessage(stage: StageName, message: Message): DeadLetter {
  return readDeadLetter(stage, {
    messageId: message.MessageId ?? '',
    body: message.Body ?? '',
    attributes: attributesOf(message),
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
