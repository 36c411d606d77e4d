import { randomBytes } from 'node:crypto';

export type CreatedObject = {
  bucket: string;
  key: string;
  /** `Put`, `Copy` or `CompleteMultipartUpload`. */
  action: string;
  sizeBytes: number;
  /** Without quotes. */
  eTag: string;
  sequencer: string;
};

/**
 * The message that S3 sends for a new object.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function objectCreatedMessage(
  object: CreatedObject,
  configurationId: string,
  queueArn: string,
): string {
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: queueArn.split(':')[3],
    eventTime: new Date().toISOString(),
    eventName: `ObjectCreated:${object.action}`,
    userIdentity: { principalId: 'AWS:local' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId(), 'x-amz-id-2': 'local' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId,
      bucket: {
        name: object.bucket,
        ownerIdentity: { principalId: 'local' },
        arn: `arn:aws:s3:::${object.bucket}`,
      },
      object: {
        key: formEncodedKey(object.key),
        size: object.sizeBytes,
        eTag: object.eTag,
        sequencer: object.sequencer,
      },
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** The message that S3 sends to each queue when a notification is configured. It has no `Records`. */
export function testEventMessage(bucket: string): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date().toISOString(),
    Bucket: bucket,
    RequestId: requestId(),
    HostId: 'local',
  });
}

/** S3 encodes keys as an HTML form does, slashes excepted: a space is `+` and a plus is `%2B`. */
export function formEncodedKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Hexadecimal numbers of equal length that grow, over restarts too. */
export function sequencers(): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(Date.now()) << 20n;
    last = now > last ? now : last + 1n;
    return last.toString(16).toUpperCase().padStart(18, '0');
  };
}

const requestId = () => randomBytes(8).toString('hex').toUpperCase();
