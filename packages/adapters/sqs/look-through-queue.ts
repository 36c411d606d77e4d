import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandOutput,
  type SQSClient,
} from '@aws-sdk/client-sqs';

export type LookLimits = {
  /**
   * How long the last look waits for more. A poll of 0 asks only some of SQS's servers and may miss messages; on one
   * machine it sees all.
   */
  pollSeconds: number;
  /** The look ends after so long; what it holds shows again at once, or by itself ten seconds later. */
  deadlineSeconds: number;
  /** So long it waits for what others hold hidden. */
  patienceSeconds: number;
};

const parallelReceivers = 4;
const batchSize = 10;

/**
 * Hands what was in a queue at the start to `handle`, batch by batch, each message once. Messages are hidden from
 * others meanwhile; what was not removed shows again at the end.
 * @param handle takes what it wants: `removed` is gone for good; `enough` ends the look.
 * @returns whether every message was seen: false when time or patience ran out, or `handle` had enough.
 */
export async function lookThroughQueue(
  sqs: SQSClient,
  queueUrl: string,
  limits: LookLimits,
  handle: (batch: Message[]) => Promise<{ removed: Message[]; enough: boolean }>,
): Promise<boolean> {
  const seen = new Set<string>();
  const held = new Map<string, Message>();
  const endsAt = performance.now() + limits.deadlineSeconds * 1000;
  let startedAt: number | undefined;
  let enough = false;
  const inTime = () => !enough && performance.now() < endsAt;

  const receive = async () => {
    while (inTime()) {
      const { messages, at } = await receiveBatch(sqs, queueUrl, limits);
      startedAt ??= at;
      if (messages.length === 0) return;
      for (const message of messages) held.set(message.MessageId ?? '', message);
      // What is redriven and fails at once is here again already: it must not go round for ever.
      const batch = messages.filter(
        (message) => !seen.has(message.MessageId ?? '') && sentAt(message) <= (startedAt ?? Infinity),
      );
      for (const { MessageId = '' } of batch) seen.add(MessageId);
      const handled = await handle(batch);
      for (const { MessageId = '' } of handled.removed) held.delete(MessageId);
      enough ||= handled.enough;
    }
  };

  try {
    for (let patientUntil = Number.NaN; ; ) {
      const receivers = await Promise.allSettled(Array.from({ length: parallelReceivers }, receive));
      const failed = receivers.find((receiver) => receiver.status === 'rejected');
      if (failed) throw failed.reason;
      if (!inTime()) return false;
      if ((await countHidden(sqs, queueUrl)) <= held.size) return true;
      patientUntil ||= performance.now() + limits.patienceSeconds * 1000;
      if (performance.now() >= patientUntil) return false;
      await delay(200);
    }
  } finally {
    await showAgain(sqs, queueUrl, [...held.values()]);
  }
}

async function receiveBatch(
  sqs: SQSClient,
  queueUrl: string,
  { pollSeconds, deadlineSeconds }: LookLimits,
): Promise<{ messages: Message[]; at: number | undefined }> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: batchSize,
    VisibilityTimeout: deadlineSeconds + 10,
    WaitTimeSeconds: pollSeconds,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
  });
  let date: string | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      date = (answer.response as { headers?: Record<string, string> }).headers?.date;
      return answer;
    },
    { step: 'deserialize', name: 'readDate' },
  );
  const askedAt = Date.now();
  const { Messages = [] }: ReceiveMessageCommandOutput = await sqs.send(command);
  return { messages: Messages, at: queueTime(askedAt, Date.parse(date ?? '')) };
}

/**
 * When SQS was asked, by its own clock, because messages carry its times. The header counts whole seconds, so this
 * machine's clock is finer as long as both agree.
 */
function queueTime(localMs: number, headerMs: number): number | undefined {
  if (Number.isNaN(headerMs)) return undefined;
  const agreeMs = 2000;
  return Math.abs(headerMs - localMs) <= agreeMs ? localMs : headerMs + 999;
}

const sentAt = ({ Attributes }: Message): number => Number(Attributes?.SentTimestamp ?? 0);

async function countHidden(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0);
}

/** Should SQS refuse, they show by themselves soon; what went wrong before is what counts. */
async function showAgain(sqs: SQSClient, queueUrl: string, messages: Message[]): Promise<void> {
  const show = async () => {
    for (let batch = messages.splice(0, batchSize); batch.length > 0; batch = messages.splice(0, batchSize)) {
      const Entries = batch.map(({ ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      await sqs
        .send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }))
        .catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: parallelReceivers }, show));
}
