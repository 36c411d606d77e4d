import * as v from 'valibot';
import { ValidationError } from '../errors.ts';

/** One S3 object that was written. */
export type ObjectCreated = {
  key: string;
  /** Orders events of the same key; grows with time. Absent in messages written by hand. */
  sequencer: string | undefined;
};

const S3Event = v.object({ Records: v.array(v.unknown()) });
const S3Record = v.object({
  eventName: v.string(),
  s3: v.object({ object: v.object({ key: v.string(), sequencer: v.optional(v.string()) }) }),
});
const S3TestEvent = v.object({ Event: v.literal('s3:TestEvent') });
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const EventBridgeEvent = v.object({
  source: v.literal('aws.s3'),
  'detail-type': v.string(),
  detail: v.object({ object: v.object({ key: v.string(), sequencer: v.optional(v.string()) }) }),
});
const SnsEnvelope = v.object({ Type: v.literal('Notification'), Message: v.string() });

/** S3 encodes keys in events as HTML forms do: a space is `+`, then percent codes. */
export const decodeEventKey = (encoded: string): string => decodeURIComponent(encoded.replaceAll('+', ' '));

/**
 * The events in a message, each for itself: S3's own notifications, one record of such a notification, and
 * EventBridge's events, with or without an SNS envelope around them. The `s3:TestEvent` that S3 sends when
 * notifications are configured holds none.
 * @returns each event in a form that is a message of its own.
 * @throws ValidationError MESSAGE_INVALID when it is none of these.
 */
export function splitNotification(body: unknown): unknown[] {
  if (v.is(SnsEnvelope, body)) return splitNotification(parseEnvelope(body.Message));
  if (v.is(S3TestEvent, body)) return [];
  if (v.is(S3Event, body)) return body.Records.map((record) => ({ Records: [record] }));
  if (v.is(S3Record, body) || v.is(EventBridgeEvent, body)) return [body];
  throw noNotification();
}

/**
 * The object that one event announces; null for an event that announces none, such as a removal.
 * @param event of `splitNotification`. @throws ValidationError MESSAGE_INVALID
 */
export function parseObjectCreated(event: unknown): ObjectCreated | null {
  if (v.is(EventBridgeEvent, event)) {
    const { key, sequencer } = event.detail.object;
    // EventBridge is told the key as it is.
    return event['detail-type'] === 'Object Created' ? { key, sequencer } : null;
  }
  const record = v.safeParse(S3Record, v.is(S3Event, event) ? event.Records[0] : event);
  if (!record.success) throw noNotification();
  const { eventName, s3 } = record.output;
  if (!/^(s3:)?ObjectCreated:/.test(eventName)) return null;
  try {
    return { key: decodeEventKey(s3.object.key), sequencer: s3.object.sequencer };
  } catch {
    throw new ValidationError(
      'MESSAGE_INVALID',
      'The object key in this S3 notification has a broken % code.',
    );
  }
}

function parseEnvelope(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    throw noNotification();
  }
}

const noNotification = () =>
  new ValidationError(
    'MESSAGE_INVALID',
    'This message is no S3 notification; discard it or send the S3 event again.',
  );

/**
 * A message that sets off work on an object as S3's own notification would, for what is run again by hand.
 * @param sequencer names the run (see StageStatus), so each call should bring its own.
 */
export const writeObjectCreated = (bucket: string, key: string, sequencer: string): string =>
  JSON.stringify({
    Records: [
      {
        eventSource: 'aws:s3',
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: bucket }, object: { key: encodeEventKey(key), sequencer } },
      },
    ],
  });

const encodeEventKey = (key: string): string =>
  encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
