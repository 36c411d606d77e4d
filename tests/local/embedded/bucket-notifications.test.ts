import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type QueueConfiguration,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { S3Event } from 'aws-lambda';
import { startTestAws, type TestAws, withTestAws } from '../../support/aws.ts';
import { withDirectory } from '../../support/directory.ts';
import { drainQueue } from '../../support/queue.ts';

const bucket = 'library-files';
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:created';
const queueUrl = 'http://127.0.0.1/000000000000/created';

const everything: QueueConfiguration = { Id: 'all', QueueArn: queueArn, Events: ['s3:ObjectCreated:*'] };
const csvUnderRaw: QueueConfiguration = {
  ...everything,
  Filter: {
    Key: {
      FilterRules: [
        { Name: 'prefix', Value: 'raw/' },
        { Name: 'suffix', Value: '.csv' },
      ],
    },
  },
};

const configure = (s3: S3Client, configurations: QueueConfiguration[]) =>
  s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: { QueueConfigurations: configurations },
    }),
  );

async function createBucketAndQueue({ s3, sqs }: TestAws): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await sqs.send(new CreateQueueCommand({ QueueName: 'created' }));
}

/** The records of all messages on the queue; the test event, which has none, is left out. */
async function receivedRecords({ sqs }: TestAws) {
  const messages = await drainQueue(sqs, queueUrl);
  return messages.flatMap(({ Body }) => (JSON.parse(Body!) as Partial<S3Event>).Records ?? []);
}

const decodedKey = (key: string) => decodeURIComponent(key.replaceAll('+', ' '));

describe('bucket notifications', () => {
  let aws: TestAws;
  beforeEach(async () => {
    aws = await startTestAws();
    await createBucketAndQueue(aws);
  });
  afterEach(() => aws.close());

  test('a configuration is answered with a test event and given back as it was put', async () => {
    await configure(aws.s3, [csvUnderRaw]);
    const [message, ...others] = await drainQueue(aws.sqs, queueUrl);
    expect(others).toEqual([]);
    expect(JSON.parse(message!.Body!)).toMatchObject({
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Bucket: bucket,
    });
    const answer = await aws.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));
    expect(answer.QueueConfigurations).toEqual([csvUnderRaw]);
  });

  test('a put sends the event that S3 sends', async () => {
    await configure(aws.s3, [csvUnderRaw]);
    const put = await aws.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: 'raw/a.csv', Body: 'appid\n10\n' }),
    );
    const [record, ...others] = await receivedRecords(aws);
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: 'us-east-1',
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      eventName: 'ObjectCreated:Put',
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'all',
        bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
        object: {
          key: 'raw/a.csv',
          size: 9,
          eTag: put.ETag!.replaceAll('"', ''),
          sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
        },
      },
    });
  });

  test('only keys with the prefix and the suffix are announced, and only new objects', async () => {
    await configure(aws.s3, [csvUnderRaw]);
    for (const Key of ['raw/a.csv', 'raw/a.json', 'other/a.csv', 'xraw/a.csv']) {
      await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    }
    await aws.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'raw/a.csv' }));
    await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'other/a.csv' }));
    expect((await receivedRecords(aws)).map(({ s3 }) => s3.object.key)).toEqual(['raw/a.csv']);
  });

  test.each([
    'raw/with space.csv',
    'raw/1+1=2.csv',
    'raw/100%.csv',
    'raw/%2B%20.csv',
    'raw/été-ゲーム-🎮.csv',
    "raw/it's (really) ~fine!*.csv",
    'raw/a&b=c;d:e@f,g$h?i#j.csv',
    'raw//double//slash.csv',
  ])('the key %s decodes back from its event and names the object', async (Key) => {
    await configure(aws.s3, [everything]);
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    const [record] = await receivedRecords(aws);
    expect(record!.s3.object.key).toMatch(/^[\w.*\-+%/]+$/);
    expect(decodedKey(record!.s3.object.key)).toBe(Key);
    const head = await aws.s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: decodedKey(record!.s3.object.key) }),
    );
    expect(head.ContentLength).toBe(1);
  });

  test('a space is a plus sign and a plus sign is %2B', async () => {
    await configure(aws.s3, [everything]);
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'raw/a b+c.csv', Body: 'x' }));
    expect((await receivedRecords(aws))[0]!.s3.object.key).toBe('raw/a+b%2Bc.csv');
  });

  test('a copy and a multipart upload are announced once each, with their sizes', async () => {
    await configure(aws.s3, [csvUnderRaw]);
    await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'elsewhere.csv', Body: '12345' }));
    await aws.s3.send(
      new CopyObjectCommand({ Bucket: bucket, Key: 'raw/copy.csv', CopySource: `${bucket}/elsewhere.csv` }),
    );
    const target = { Bucket: bucket, Key: 'raw/parts.csv' };
    const { UploadId } = await aws.s3.send(new CreateMultipartUploadCommand(target));
    const sizes = [5 * 1024 * 1024, 7];
    const parts = await Promise.all(
      sizes.map(async (size, index) => {
        const part = { ...target, UploadId, PartNumber: index + 1, Body: Buffer.alloc(size, 'x') };
        return { PartNumber: index + 1, ETag: (await aws.s3.send(new UploadPartCommand(part))).ETag };
      }),
    );
    const completed = await aws.s3.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }),
    );
    const records = await receivedRecords(aws);
    expect(records.map(({ eventName, s3 }) => [eventName, s3.object.key, s3.object.size])).toEqual([
      ['ObjectCreated:Copy', 'raw/copy.csv', 5],
      ['ObjectCreated:CompleteMultipartUpload', 'raw/parts.csv', sizes[0]! + sizes[1]!],
    ]);
    expect(`"${records[1]!.s3.object.eTag}"`).toBe(completed.ETag);
  });

  test('2,000 concurrent puts send exactly 2,000 events', async () => {
    await configure(aws.s3, [csvUnderRaw]);
    const keys = Array.from({ length: 2000 }, (_, index) => `raw/${index}.csv`);
    await Promise.all(
      keys.map((Key) => aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }))),
    );
    const records = await receivedRecords(aws);
    expect(records).toHaveLength(2000);
    expect(new Set(records.map(({ s3 }) => s3.object.key))).toEqual(new Set(keys));
    expect(new Set(records.map(({ s3 }) => s3.object.sequencer)).size).toBe(2000);
  });

  test('the sequencer of a later write of the same key is greater', async () => {
    await configure(aws.s3, [everything]);
    for (const Body of ['1', '2', '3']) {
      await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'raw/a.csv', Body }));
    }
    const sequencers = (await receivedRecords(aws)).map(({ s3 }) => s3.object.sequencer);
    expect(sequencers).toEqual([...sequencers].sort());
  });

  test('a queue that does not exist is refused, and what was configured before stays', async () => {
    await configure(aws.s3, [csvUnderRaw]);
    const missing = { ...everything, QueueArn: 'arn:aws:sqs:us-east-1:000000000000:missing' };
    await expect(configure(aws.s3, [missing])).rejects.toMatchObject({ name: 'InvalidArgument' });
    const answer = await aws.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));
    expect(answer.QueueConfigurations).toEqual([csvUnderRaw]);
  });

  test('events that are never sent are refused', async () => {
    const removals: QueueConfiguration = { ...everything, Events: ['s3:ObjectRemoved:*'] };
    await expect(configure(aws.s3, [removals])).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  test('a bucket that is made again starts without notifications', async () => {
    await configure(aws.s3, [everything]);
    await aws.s3.send(new DeleteBucketCommand({ Bucket: bucket }));
    await expect(configure(aws.s3, [everything])).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const answer = await aws.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));
    expect(answer.QueueConfigurations).toBeUndefined();
  });
});

test('the configuration stays over a restart, and sequencers go on growing', () =>
  withDirectory(async (dataDir) => {
    const putAndReceive = async (aws: TestAws) => {
      await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'raw/a.csv', Body: 'x' }));
      return (await receivedRecords(aws)).map(({ s3 }) => s3.object.sequencer);
    };
    const before = await withTestAws(
      async (aws) => {
        await createBucketAndQueue(aws);
        await configure(aws.s3, [csvUnderRaw]);
        return putAndReceive(aws);
      },
      { dataDir },
    );
    const after = await withTestAws(putAndReceive, { dataDir });
    expect([before.length, after.length]).toEqual([1, 1]);
    expect(before[0]! < after[0]!).toBe(true);
  }));
