import { steamIdOf } from './ids.ts';
import { randomUUID } from 'node:crypto';
import type { SQSEvent, SQSMessageAttributes, SQSRecord } from 'aws-lambda';
import { newImportRequest } from '@savepoint/core/contracts/import-request.ts';

/** The body of the notification that S3 sends for a new object. */
export const objectCreated = (key: string, sequencer: string = randomUUID()) => ({
  Records: [
    {
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      s3: {
        bucket: { name: 'savepoint-test' },
        object: {
          key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
          size: 1,
          sequencer,
        },
      },
    },
  ],
});

export const importRequest = (steamId: string = '76561197960287930') =>
  newImportRequest(steamIdOf(steamId), new Date());

export type MessageOptions = {
  attempt?: number;
  attributes?: Record<string, string>;
  receiptHandle?: string;
};

/** A message as Lambda hands it to a stage; a body that is no string becomes JSON. */
export const sqsRecord = (
  body: unknown,
  { attempt = 1, attributes = {}, receiptHandle }: MessageOptions = {},
): SQSRecord => ({
  messageId: randomUUID(),
  receiptHandle: receiptHandle ?? randomUUID(),
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: String(attempt),
    SentTimestamp: String(Date.now()),
    SenderId: 'test',
    ApproximateFirstReceiveTimestamp: String(Date.now()),
  },
  messageAttributes: Object.fromEntries(
    Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: 'String', stringValue }]),
  ) as SQSMessageAttributes,
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:test',
  awsRegion: 'us-east-1',
});

export const sqsEvent = (...records: SQSRecord[]): SQSEvent => ({ Records: records });
