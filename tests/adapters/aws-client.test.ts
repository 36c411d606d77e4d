import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { awsLimits } from '@savepoint/adapters/aws-client.ts';
import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { fetchSecret } from '@savepoint/adapters/secrets/secrets-manager.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { failureOf } from '../support/failure.ts';
import {
  type Misbehaviour,
  type MisbehavingServer,
  startMisbehavingServer,
} from '../support/misbehaving-server.ts';
import { withServer } from './http/test-server.ts';

const limits = { connectSeconds: 1, answerSeconds: 0.3, idleSeconds: 0.3, tries: 2 };
const patience = { callSeconds: 1.5, idleSeconds: 0.3, bodySeconds: 0.6 };
const before = { ...process.env };
beforeAll(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }));
afterAll(() => {
  process.env = before;
});

async function withMisbehaving(how: Misbehaviour, use: (server: MisbehavingServer) => Promise<void>) {
  const server = await startMisbehavingServer(how);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}
const bucketAt = (endpointUrl: string) =>
  createBucket(
    createS3Client({ region: 'us-east-1', endpointUrl }, { ...limits, idleSeconds: undefined }),
    'b',
    patience,
  );

async function readAll(url: string): Promise<number> {
  let bytes = 0;
  const object = await bucketAt(url).open('raw/library.csv', 1024 * 1024);
  for await (const chunk of object!.body) bytes += chunk.length;
  return bytes;
}

test.each<[Misbehaviour, string]>([
  ['stall before headers', 'STORAGE_UNAVAILABLE'],
  ['stall after headers', 'STORAGE_UNAVAILABLE'],
  ['drip', 'STORAGE_UNAVAILABLE'],
  ['reset', 'STORAGE_UNAVAILABLE'],
  ['endless', 'OBJECT_TOO_LARGE'],
])('an object is read to its end, or fails in time: %s', (how, code) =>
  withMisbehaving(how, async (server) => {
    const reads = [() => readAll(server.url), () => bucketAt(server.url).read('status/x.json', 1000)];
    for (const failure of await Promise.all(reads.map(failureOf))) expect(failure).toMatchObject({ code });
    await server.left();
  }),
);

test.each<Misbehaviour>(['stall before headers', 'stall after headers', 'drip', 'reset'])(
  'every other call of S3 fails in time: %s',
  (how) =>
    withMisbehaving(how, async (server) => {
      const bucket = bucketAt(server.url);
      const listed = async () => {
        for await (const { key } of bucket.list('raw/')) throw new Error(`listed ${key}`);
      };
      // What has no body to wait for ends with its headers.
      const withoutBody = [
        () => bucket.put('k', 'text', 'text/plain'),
        () => bucket.head('k'),
        () => bucket.delete('k'),
      ];
      const calls = [listed, ...(how === 'stall before headers' ? withoutBody : [])];
      for (const failure of await Promise.all(calls.map((call) => failureOf(call))))
        expect(failure).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      await server.left();
    }),
);

test('an upload whose answers do not come is given up', () =>
  withMisbehaving('stall before headers', async (server) => {
    const writer = await bucketAt(server.url).upload('k', { contentType: 'text/plain', metadata: {} });
    await writer.write('text');
    expect(await failureOf(() => writer.finish())).toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  }));

test('a reader that takes its time between the bytes is no fault of the storage', () =>
  withServer(
    (_request, response) => void response.writeHead(200).end(Buffer.alloc(4 * 1024 * 1024)),
    async ({ url }) => {
      let bytes = 0;
      const object = await bucketAt(url).open('raw/library.csv');
      for await (const chunk of object!.body) {
        if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 1000));
        bytes += chunk.length;
      }
      expect(bytes).toBe(4 * 1024 * 1024);
    },
  ));

test.each<Misbehaviour>(['stall before headers', 'stall after headers', 'reset'])(
  'queues and secrets fail in time: %s',
  (how) =>
    withMisbehaving(how, async (server) => {
      const endpoint = { region: 'us-east-1', endpointUrl: server.url };
      const receive = new ReceiveMessageCommand({ QueueUrl: `${server.url}/0/q`, WaitTimeSeconds: 1 });
      await Promise.all([
        expect(createSqsClient(endpoint, limits).send(receive)).rejects.toThrow(),
        expect(fetchSecret('s', endpoint, limits)).rejects.toMatchObject({ code: 'SECRET_UNAVAILABLE' }),
      ]);
      await server.left();
    }),
);

test('the limits of a queue outlast a poll of a second', () => {
  expect(Math.min(awsLimits.sqs.answerSeconds, awsLimits.sqs.idleSeconds)).toBeGreaterThan(5);
});
