import { type Failure, readContinuation } from '@savepoint/core/contracts/dead-letter.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

/** A delivery of a message, as a stage needs it. */
export type QueueMessage = {
  messageId: string;
  receiptHandle: string;
  body: string;
  /** This attempt's number, from 1; it begins again after a redrive, and work that goes on stays at its own. */
  attempt: number;
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
  return {
    messageId: record.messageId,
    receiptHandle: record.receiptHandle,
    body: record.body,
    attempt: earlierAttempts + Math.max(1, Number(record.attributes?.ApproximateReceiveCount ?? 1)),
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
