import * as v from 'valibot';
import { ValidationError } from '../errors.ts';

/** One S3 object that was written. */
export type ObjectCreated = {
  key: string;
  /** Orders events of the same key; grows with time. Absent in messages written by hand. */
  sequencer: string | undefined;
};

const S3Event = v.object({
  Records: v.array(
    v.object({
      eventName: v.string(),
      s3: v.object({ object: v.object({ key: v.string(), sequencer: v.optional(v.string()) }) }),
    }),
  ),
});
const S3TestEvent = v.object({ Event: v.literal('s3:TestEvent') });

/** S3 encodes keys in events as HTML forms do: a space is `+`, then percent codes. */
export const decodeEventKey = (encoded: string): string => decodeURIComponent(encoded.replaceAll('+', ' '));

/**
 * The objects that an S3 notification announces. The `s3:TestEvent` that S3 sends when notifications are
 * configured announces none, nor does the removal of an object.
 * @throws ValidationError MESSAGE_INVALID when it is no S3 notification.
 */
export function parseObjectCreated(body: unknown): ObjectCreated[] {
  if (v.is(S3TestEvent, body)) return [];
  const event = v.safeParse(S3Event, body);
  if (!event.success)
    throw new ValidationError(
      'MESSAGE_INVALID',
      'This message is no S3 notification; discard it or send the S3 event again.',
    );
  return event.output.Records.filter(({ eventName }) => /^(s3:)?ObjectCreated:/.test(eventName)).map(
    ({ s3 }) => {
      try {
        return { key: decodeEventKey(s3.object.key), sequencer: s3.object.sequencer };
      } catch {
        throw new ValidationError(
          'MESSAGE_INVALID',
          'The object key in this S3 notification has a broken % code.',
        );
      }
    },
  );
}

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
