import { randomUUID } from 'node:crypto';
import type { Message } from '@aws-sdk/client-sqs';
import type { Worker } from '@savepoint/core/topology.ts';
import type { Context, SQSEvent, SQSMessageAttributes, SQSRecord, SQSRecordAttributes } from 'aws-lambda';
import * as v from 'valibot';

/** The event that Lambda makes of received messages. */
export function createSqsEvent(messages: readonly Message[], queueArn: string): SQSEvent {
  return { Records: messages.map((message) => createRecord(message, queueArn)) };
}

function createRecord(message: Message, queueArn: string): SQSRecord {
  const { MD5OfMessageAttributes } = message;
  return {
    messageId: message.MessageId!,
    receiptHandle: message.ReceiptHandle!,
    body: message.Body!,
    attributes: message.Attributes as unknown as SQSRecordAttributes,
    messageAttributes: messageAttributes(message),
    md5OfBody: message.MD5OfBody!,
    ...(MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: MD5OfMessageAttributes }),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: regionOf(queueArn),
  };
}

function messageAttributes(message: Message): SQSMessageAttributes {
  const attributes: SQSMessageAttributes = {};
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(
    message.MessageAttributes ?? {},
  )) {
    attributes[name] = {
      dataType: DataType!,
      stringListValues: [],
      binaryListValues: [],
      ...(StringValue === undefined ? {} : { stringValue: StringValue }),
      ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    };
  }
  return attributes;
}

const regionOf = (arn: string) => arn.split(':')[3]!;

/** A Lambda context whose remaining time counts down from the stage's timeout. */
export function createContext(stage: Worker, functionName: string, queueArn: string): Context {
  // Not the time of day, which people set.
  const deadline = performance.now() + stage.functionTimeoutSeconds * 1000;
  const ignore = () => undefined;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${regionOf(queueArn)}:${queueArn.split(':')[4]}:function:${functionName}`,
    memoryLimitInMB: String(stage.memoryMb),
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadline - performance.now()),
    done: ignore,
    fail: ignore,
    succeed: ignore,
  };
}

const Answer = v.nullish(
  v.pipe(
    v.unknown(),
    v.check((answer) => !Array.isArray(answer)),
    v.object({
      batchItemFailures: v.nullish(v.array(v.object({ itemIdentifier: v.pipe(v.string(), v.minLength(1)) }))),
    }),
  ),
);

/**
 * The messages that Lambda deletes after this answer. No answer, an empty one and an empty list of failures mean
 * that everything succeeded, so a handler that swallows its error loses the message.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * @throws Error where Lambda takes the whole batch as failed: a malformed answer, or an identifier that is empty or
 *   not of this batch.
 */
export function successfulMessageIds(messages: readonly Message[], answer: unknown): ReadonlySet<string> {
  // The runtime sends the answer as JSON; what has no JSON form fails there.
  const parsed = v.safeParse(Answer, answer === undefined ? null : JSON.parse(JSON.stringify(answer)));
  if (!parsed.success)
    throw new Error('The answer is no SQSBatchResponse, so the whole batch counts as failed.');
  const successful = new Set(messages.map(({ MessageId }) => MessageId!));
  const failed = (parsed.output?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  if (failed.some((identifier) => !successful.has(identifier))) {
    throw new Error(
      'The answer names a message that is not in the batch, so the whole batch counts as failed.',
    );
  }
  for (const identifier of failed) successful.delete(identifier);
  return successful;
}
