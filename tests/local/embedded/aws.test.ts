import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { startEmbeddedAws } from '@savepoint/local/embedded/aws.ts';
import { connectAws, startTestAws, type TestAws, withTestAws } from '../../support/aws.ts';
import { killNow, startChildProgram } from '../../support/child-program.ts';
import { withDirectory } from '../../support/directory.ts';
import { drainQueue } from '../../support/queue.ts';

const Bucket = 'files';
const signed = { headers: { authorization: 'AWS4-HMAC-SHA256 by anybody' } };

const put = (
  s3: S3Client,
  Body: string | Buffer,
  conditions: { IfNoneMatch?: string; IfMatch?: string } = {},
) => s3.send(new PutObjectCommand({ Bucket, Key: 'raw/a.csv', Body, ...conditions }));

async function content(s3: S3Client): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'raw/a.csv' }));
  return Body!.transformToString();
}

describe('S3', () => {
  let aws: TestAws;
  beforeEach(async () => {
    aws = await startTestAws();
    await aws.s3.send(new CreateBucketCommand({ Bucket }));
  });
  afterEach(() => aws.close());

  test('If-None-Match: * writes a new key and leaves an existing one', async () => {
    await put(aws.s3, 'first', { IfNoneMatch: '*' });
    await expect(put(aws.s3, 'second', { IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await content(aws.s3)).toBe('first');
  });

  test('of a hundred writers with If-None-Match: * exactly one wins', async () => {
    const attempts = Array.from({ length: 100 }, (_, index) =>
      put(aws.s3, String(index), { IfNoneMatch: '*' }),
    );
    const results = await Promise.allSettled(attempts);
    const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []));
    expect(winners).toHaveLength(1);
    expect(await content(aws.s3)).toBe(String(winners[0]));
  });

  test('If-Match writes over what it names, and nothing else', async () => {
    const { ETag } = await put(aws.s3, 'first');
    await put(aws.s3, 'second', { IfMatch: ETag! });
    await expect(put(aws.s3, 'third', { IfMatch: ETag! })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      $metadata: { httpStatusCode: 412 },
    });
    expect(await content(aws.s3)).toBe('second');
    await aws.s3.send(new DeleteObjectCommand({ Bucket, Key: 'raw/a.csv' }));
    await expect(put(aws.s3, 'fourth', { IfMatch: ETag! })).rejects.toMatchObject({
      name: 'NoSuchKey',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('counting up with If-Match from many writers loses no step', async () => {
    await put(aws.s3, '0');
    const countUp = async (): Promise<void> => {
      const { Body, ETag } = await aws.s3.send(new GetObjectCommand({ Bucket, Key: 'raw/a.csv' }));
      const next = String(Number(await Body!.transformToString()) + 1);
      await put(aws.s3, next, { IfMatch: ETag! }).catch((error: Error) => {
        if (error.name === 'PreconditionFailed') return countUp();
        throw error;
      });
    };
    await Promise.all(Array.from({ length: 20 }, countUp));
    expect(await content(aws.s3)).toBe('20');
  });

  test('what it lacks is refused with 501, and the object stays as it was', async () => {
    await put(aws.s3, 'content');
    const target = { Bucket, Key: 'raw/a.csv' };
    const refused = { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } };
    const tagging = new PutObjectTaggingCommand({
      ...target,
      Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] },
    });
    await expect(aws.s3.send(tagging)).rejects.toMatchObject(refused);
    await expect(aws.s3.send(new PutObjectAclCommand({ ...target, ACL: 'private' }))).rejects.toMatchObject(
      refused,
    );
    const versioning = new PutBucketVersioningCommand({
      Bucket,
      VersioningConfiguration: { Status: 'Enabled' },
    });
    await expect(aws.s3.send(versioning)).rejects.toMatchObject(refused);
    for (const query of ['policy', 'acl', 'encryption', 'cors', 'versions', 'location', 'uploads']) {
      expect((await fetch(`${aws.endpoint}/${Bucket}?${query}`, signed)).status).toBe(501);
    }
    for (const query of ['tagging', 'versionId=1', 'legal-hold', 'uploadId=1', 'renameObject']) {
      expect((await fetch(`${aws.endpoint}/${Bucket}/raw/a.csv?${query}`, signed)).status).toBe(501);
    }
    expect(await content(aws.s3)).toBe('content');
  });

  test('listing pages through with every parameter', async () => {
    for (const Key of ['raw/1', 'raw/2', 'raw/3', 'raw/x/4']) {
      await aws.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    }
    const list = {
      Bucket,
      Prefix: 'raw/',
      Delimiter: '/',
      MaxKeys: 2,
      StartAfter: 'raw/1',
      FetchOwner: true,
    };
    const { Contents = [], CommonPrefixes = [] } = await aws.s3.send(new ListObjectsV2Command(list));
    expect([...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)]).toHaveLength(
      2,
    );
  });

  test('one PUT takes 96 MiB', async () => {
    const body = Buffer.alloc(96 * 1024 * 1024, randomBytes(64));
    const { ETag } = await put(aws.s3, body);
    expect(ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket, Key: 'raw/a.csv' }));
    expect(head.ContentLength).toBe(body.length);
  });
});

test('it listens on 127.0.0.1 alone', () =>
  withTestAws(async ({ endpoint }) => {
    const { port } = new URL(endpoint);
    await expect(fetch(`http://127.0.0.2:${port}/health`)).rejects.toThrow();
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  }));

test('a taken port is named in one sentence, and the data directory is free again', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  await withDirectory(async (dataDir) => {
    await expect(startEmbeddedAws({ dataDir, port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      retryable: false,
      message: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`),
    });
    await (await startEmbeddedAws({ dataDir })).close();
  }).finally(() => other.close());
});

test('the port is kept over restarts, and another one is taken only while that is not free', async () => {
  await withDirectory(async (dataDir) => {
    const start = async () => {
      const { endpoint, takenPort, close } = await startEmbeddedAws({ dataDir });
      await close();
      return { port: Number(new URL(endpoint).port), takenPort };
    };
    const { port } = await start();
    expect(await start()).toEqual({ port, takenPort: undefined });
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const elsewhere = await start().finally(() => other.close());
    expect(elsewhere).toMatchObject({ takenPort: port });
    expect(elsewhere.port).not.toBe(port);
    expect(await start()).toEqual({ port, takenPort: undefined });
  });
});

const queueUrl = 'http://127.0.0.1/000000000000/work';
const receive = {
  QueueUrl: queueUrl,
  MaxNumberOfMessages: 10,
  MessageSystemAttributeNames: ['All' as const],
};
const createQueue = ({ sqs }: TestAws, visibilityTimeoutSeconds: number) =>
  sqs.send(
    new CreateQueueCommand({
      QueueName: 'work',
      Attributes: { VisibilityTimeout: String(visibilityTimeoutSeconds) },
    }),
  );
const sendMessage = ({ sqs }: TestAws, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));

test('waiting messages, messages in flight and objects stay over a restart', () =>
  withDirectory(async (dataDir) => {
    const before = async (aws: TestAws) => {
      await aws.s3.send(new CreateBucketCommand({ Bucket }));
      await put(aws.s3, 'content');
      await createQueue(aws, 1);
      await sendMessage(aws, 'in flight');
      expect((await aws.sqs.send(new ReceiveMessageCommand(receive))).Messages).toHaveLength(1);
      await sendMessage(aws, 'waiting');
    };
    const after = async (aws: TestAws) => {
      expect(await content(aws.s3)).toBe('content');
      const receiveCounts = new Map<string, string>();
      while (receiveCounts.size < 2) {
        const { Messages = [] } = await aws.sqs.send(
          new ReceiveMessageCommand({ ...receive, WaitTimeSeconds: 1 }),
        );
        // What was taken first may come again while the other is awaited.
        for (const { Body, Attributes } of Messages)
          if (!receiveCounts.has(Body!)) receiveCounts.set(Body!, Attributes!.ApproximateReceiveCount!);
      }
      expect(Object.fromEntries(receiveCounts)).toEqual({ waiting: '1', 'in flight': '2' });
    };
    await withTestAws(before, { dataDir });
    await withTestAws(after, { dataDir });
  }));

test('what was stored and sent before kill -9 is there afterwards, and the directory is free', () =>
  withDirectory(async (dataDir) => {
    const child = await startChildProgram(`
      import { startEmbeddedAws } from '@savepoint/local/embedded/aws.ts';
      console.log((await startEmbeddedAws({ dataDir: ${JSON.stringify(dataDir)} })).endpoint);
    `);
    const { s3, sqs } = connectAws(child.firstLine);
    const before = { endpoint: child.firstLine, s3, sqs, close: () => killNow(child) };
    try {
      await s3.send(new CreateBucketCommand({ Bucket }));
      await put(s3, 'content');
      await createQueue(before, 1);
      await sendMessage(before, 'in flight');
      await sqs.send(new ReceiveMessageCommand(receive));
      await expect(startEmbeddedAws({ dataDir })).rejects.toMatchObject({ code: 'DATA_DIR_IN_USE' });
    } finally {
      await before.close();
    }
    await withTestAws(
      async (after) => {
        expect(await content(after.s3)).toBe('content');
        const { Messages } = await after.sqs.send(
          new ReceiveMessageCommand({ ...receive, WaitTimeSeconds: 10 }),
        );
        expect(Messages).toMatchObject([{ Body: 'in flight', Attributes: { ApproximateReceiveCount: '2' } }]);
      },
      { dataDir },
    );
  }));

test('creating a queue again keeps its messages', () =>
  withTestAws(async (aws) => {
    await createQueue(aws, 30);
    await sendMessage(aws, 'kept');
    await createQueue(aws, 30);
    expect(await drainQueue(aws.sqs, queueUrl)).toHaveLength(1);
  }));

test('a message whose visibility timeout is set to 0 comes again at once, with a data directory too', () =>
  withDirectory((dataDir) =>
    withTestAws(
      async (aws) => {
        await createQueue(aws, 600);
        await sendMessage(aws, 'again');
        const { Messages } = await aws.sqs.send(new ReceiveMessageCommand(receive));
        const { ReceiptHandle } = Messages![0]!;
        const now = { QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 };
        await aws.sqs.send(new ChangeMessageVisibilityCommand(now));
        const again = await aws.sqs.send(new ReceiveMessageCommand({ ...receive, WaitTimeSeconds: 5 }));
        expect(again.Messages).toMatchObject([
          { Body: 'again', Attributes: { ApproximateReceiveCount: '2' } },
        ]);
      },
      { dataDir },
    ),
  ));

test('a client that hangs up during a long poll takes no message with it', () =>
  withTestAws(async (aws) => {
    await createQueue(aws, 600);
    // The server sees connections in the order in which they change, so after a round trip it has seen all before it.
    const roundTrip = () => fetch(`${aws.endpoint}/health`, { headers: { connection: 'close' } });
    const abort = new AbortController();
    const poll = aws.sqs
      .send(new ReceiveMessageCommand({ ...receive, WaitTimeSeconds: 20 }), { abortSignal: abort.signal })
      .catch(() => 'hung up');
    await roundTrip();
    await roundTrip();
    abort.abort();
    expect(await poll).toBe('hung up');
    await roundTrip();
    await sendMessage(aws, 'kept');
    const received = await aws.sqs.send(new ReceiveMessageCommand({ ...receive, WaitTimeSeconds: 5 }));
    expect(received.Messages).toMatchObject([{ Body: 'kept' }]);
  }));
