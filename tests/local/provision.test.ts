import {
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { maxReceiveCount } from '@savepoint/core/topology.ts';
import { provision } from '@savepoint/local/provision.ts';
import { type TestAws, withTestAws } from '../support/aws.ts';
import { drainQueue } from '../support/queue.ts';

const bucket = 'savepoint-test';
const run = ({ s3, sqs }: TestAws, visibilityTimeoutSeconds = {}) =>
  provision({ s3, sqs, bucket, deployment: 'savepoint-test', visibilityTimeoutSeconds });

async function attributes({ sqs }: TestAws, QueueUrl: string): Promise<Record<string, string>> {
  const answer = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return answer.Attributes ?? {};
}

test('queues, dead-letter queues, policies and notification are made as the topology says', () =>
  withTestAws(async (aws) => {
    const { queues } = await run(aws);
    const { queueUrl, queueArn, deadLetterQueueUrl, deadLetterQueueArn } = queues['igdb-enrichment'];
    expect(queueArn).toBe('arn:aws:sqs:us-east-1:000000000000:savepoint-test-igdb-enrichment');
    expect(deadLetterQueueArn).toBe(`${queueArn}-dlq`);
    const queue = await attributes(aws, queueUrl);
    expect(queue).toMatchObject({
      QueueArn: queueArn,
      VisibilityTimeout: '1801',
      MessageRetentionPeriod: '604800',
    });
    expect(JSON.parse(queue.RedrivePolicy!)).toEqual({
      deadLetterTargetArn: deadLetterQueueArn,
      maxReceiveCount,
    });
    expect(JSON.parse(queue.Policy!).Statement).toEqual([
      {
        Sid: 'BucketNotifications',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn,
        Condition: {
          ArnEquals: { 'aws:SourceArn': `arn:aws:s3:::${bucket}` },
          StringEquals: { 'aws:SourceAccount': '000000000000' },
        },
      },
    ]);
    expect(await attributes(aws, deadLetterQueueUrl)).toMatchObject({ MessageRetentionPeriod: '1209600' });
    expect(await attributes(aws, queues['steam-import'].queueUrl)).not.toHaveProperty('Policy');
  }));

test('a CSV under a prefix reaches the queue of the stage that reads it', () =>
  withTestAws(async (aws) => {
    const { queues } = await run(aws);
    for (const { queueUrl } of Object.values(queues)) await drainQueue(aws.sqs, queueUrl);
    for (const Key of ['raw/a.csv', 'enriched/a.csv', 'rejects/a.csv', 'raw/a.json']) {
      await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' }));
    }
    const keys = async (queueUrl: string) =>
      (await drainQueue(aws.sqs, queueUrl)).map(({ Body }) => JSON.parse(Body!).Records[0].s3.object.key);
    expect(await keys(queues['steam-import'].queueUrl)).toEqual([]);
    expect(await keys(queues['igdb-enrichment'].queueUrl)).toEqual(['raw/a.csv']);
    expect(await keys(queues['database-import'].queueUrl)).toEqual(['enriched/a.csv']);
  }));

test('a second run changes nothing: no message is lost and no test event is sent', () =>
  withTestAws(async (aws) => {
    const first = await run(aws);
    const { queueUrl } = first.queues['igdb-enrichment'];
    await drainQueue(aws.sqs, queueUrl);
    await aws.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'kept' }));
    const before = await attributes(aws, queueUrl);
    expect(await run(aws)).toEqual(first);
    expect(await attributes(aws, queueUrl)).toEqual(before);
    expect((await drainQueue(aws.sqs, queueUrl)).map(({ Body }) => Body)).toEqual(['kept']);
  }));

test('attributes that differ are put right, those that it does not set are left', () =>
  withTestAws(async (aws) => {
    const { queues } = await run(aws);
    const { queueUrl } = queues['database-import'];
    const wrong = { VisibilityTimeout: '5', RedrivePolicy: '', DelaySeconds: '7' };
    await aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: wrong }));
    await run(aws, { 'database-import': 45 });
    const queue = await attributes(aws, queueUrl);
    expect(queue).toMatchObject({ VisibilityTimeout: '45', DelaySeconds: '7' });
    expect(JSON.parse(queue.RedrivePolicy!).maxReceiveCount).toBe(maxReceiveCount);
  }));

test("notifications that others made on the bucket stay beside the pipeline's", () =>
  withTestAws(async (aws) => {
    await run(aws);
    await aws.sqs.send(new CreateQueueCommand({ QueueName: 'audit' }));
    const QueueArn = 'arn:aws:sqs:us-east-1:000000000000:audit';
    const audit = { Id: 'audit', QueueArn, Events: ['s3:ObjectCreated:*' as const] };
    await aws.s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration: { QueueConfigurations: [audit] },
      }),
    );
    await run(aws);
    const answer = await aws.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: bucket }));
    expect(answer.QueueConfigurations?.map(({ Id }) => Id)).toEqual([
      'audit',
      'savepoint-test-igdb-enrichment',
      'savepoint-test-database-import',
    ]);
  }));
