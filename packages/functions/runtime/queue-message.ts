import { type Failure, readContinuation } from '@savepoint/core/contracts/dead-letter.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import { maxReceiveCount } from '@savepoint/core/topology.ts';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

/** A delivery of a message, as a stage needs it. */
export type QueueMessage = {
  messageId: string;
  receiptHandle: string;
  body: string;
  /** This attempt's number since the message was last redriven, from 1; work that goes on stays at its own. */
  attempt: number;
  /** The number that people are told: over all redrives, as dead letters count. */
  attempts: number;
  /** At which of these the message is given up. */
  maxAttempts: number;
  /** What it failed of before it was redriven. */
  earlierFailure: Failure | null;
};

export const isSqsEvent = (event: unknown): event is SQSEvent => {
  const records = (event as { Records?: unknown } | null)?.Records;
  return Array.isArray(records) && records.every((record) => record?.eventSource === 'aws:sqs');
};

export function readQueueMessage(record: SQSRecord): QueueMessage {
  const attributes = Object.entries(record.messageAttributes ?? {}).map(([name, { stringValue = '' }]) => [
    name,
    stringValue,
  ]);
  const { earlierFailure, earlierAttempts } = readContinuation(Object.fromEntries(attributes));
  const attempt = earlierAttempts + Math.max(1, Number(record.attributes?.ApproximateReceiveCount ?? 1));
  const failedBefore = earlierFailure?.attempts ?? 0;
  return {
    messageId: record.messageId,
    receiptHandle: record.receiptHandle,
    body: record.body,
    attempt,
    attempts: failedBefore + attempt,
    maxAttempts: failedBefore + maxReceiveCount,
    earlierFailure,
  };
}

/** @throws ValidationError MESSAGE_INVALID */
export function parseBody(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new ValidationError(
      'MESSAGE_INVALID',
      'The message is not JSON; discard it and send the request again.',
    );
  }
}
