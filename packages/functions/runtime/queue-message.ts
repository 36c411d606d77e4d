import { type Failure, readFailure } from '@savepoint/core/contracts/dead-letter.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

/** A delivery of a message, as a stage needs it. */
export type QueueMessage = {
  messageId: string;
  receiptHandle: string;
  body: string;
  /** This delivery's number, from 1; it begins again after a redrive. */
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
  return {
    messageId: record.messageId,
    receiptHandle: record.receiptHandle,
    body: record.body,
    attempt: Math.max(1, Number(record.attributes?.ApproximateReceiveCount ?? 1)),
    earlierFailure: readFailure(Object.fromEntries(attributes)),
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
