import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { type Stage, stages } from '@savepoint/core/topology.ts';
import {
  type EventSourceMappingOptions,
  startEventSourceMapping,
} from '@savepoint/local/event-source-mapping.ts';
import { connectAws, type TestAws, withTestAws } from '../support/aws.ts';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { drainQueue } from '../support/queue.ts';

const queueUrl = 'http://127.0.0.1/000000000000/work';
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:work';
const stage: Stage = { ...stages['igdb-enrichment'], functionTimeoutSeconds: 60, batchSize: 10 };

const createQueue = ({ sqs }: TestAws, visibilityTimeoutSeconds = 600) =>
  sqs.send(
    new CreateQueueCommand({
      QueueName: 'work',
      Attributes: { VisibilityTimeout: String(visibilityTimeoutSeconds) },
    }),
  );

const send = ({ sqs }: TestAws, MessageBody: string) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody,
      MessageAttributes: {
        importId: { DataType: 'String', StringValue: 'abc' },
        raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
      },
    }),
  );

async function counts({ sqs }: TestAws): Promise<{ waiting: number; inFlight: number }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
  };
}

const start = (
  { sqs }: TestAws,
  options: Partial<EventSourceMappingOptions> & Pick<EventSourceMappingOptions, 'handler'>,
) =>
  startEventSourceMapping({
    sqs,
    queueUrl,
    queueArn,
    stage,
    concurrency: 2,
    functionName: 'enrich',
    onError: () => undefined,
    ...options,
  });

/** Sends the bodies, invokes the handler once with all of them, and says how many SQS still keeps. */
async function keptAfter(bodies: string[], handler: (event: SQSEvent) => unknown, timeoutSeconds = 60) {
  return withTestAws(async (aws) => {
    await createQueue(aws);
    for (const body of bodies) await send(aws, body);
    const invoked = Promise.withResolvers<SQSEvent>();
    const errors: unknown[] = [];
    const mapping = start(aws, {
      // So that none of them polls, for a second, when the mapping is stopped.
      concurrency: 1,
      stage: { ...stage, functionTimeoutSeconds: timeoutSeconds },
      onError: (error) => errors.push(error),
      handler: async (event) => {
        invoked.resolve(event);
        return handler(event);
      },
    });
    const event = await invoked.promise;
    await mapping.stop();
    expect(event.Records.map(({ body }) => body)).toEqual(bodies);
    return { ...(await counts(aws)), errors: errors.length };
  });
}

const bodies = ['a', 'b', 'c'];
const failures = (...identifiers: string[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

test('a handler that answers nothing has everything deleted', async () => {
  expect(await keptAfter(bodies, () => undefined)).toEqual({ waiting: 0, inFlight: 0, errors: 0 });
});

test('what the answer lists is kept and the rest deleted', async () => {
  const answer = ({ Records }: SQSEvent) => failures(Records[1]!.messageId);
  expect(await keptAfter(bodies, answer)).toEqual({ waiting: 0, inFlight: 1, errors: 0 });
});

describe('the whole batch is kept', () => {
  const everything = { waiting: 0, inFlight: 3, errors: 1 };

  test('after an answer that names a message of no batch', async () => {
    const answer = ({ Records }: SQSEvent) => failures(Records[0]!.messageId, 'unknown');
    expect(await keptAfter(bodies, answer)).toEqual(everything);
  });

  test('after a throw', async () => {
    const fail = () => {
      throw new Error('broken');
    };
    expect(await keptAfter(bodies, fail)).toEqual(everything);
  });

  test("after the function's time is up", async () => {
    const { promise: never } = Promise.withResolvers();
    expect(await keptAfter(bodies, () => never, 0.05)).toEqual(everything);
  });
});

test('the event and the context are those of Lambda', () =>
  withTestAws(async (aws) => {
    await createQueue(aws);
    await send(aws, 'hello');
    const invoked = Promise.withResolvers<[SQSEvent, Context]>();
    const mapping = start(aws, {
      handler: async (event, context) => {
        invoked.resolve([event, context]);
      },
    });
    const [event, context] = await invoked.promise;
    await mapping.stop();
    expect(event).toEqual({
      Records: [
        {
          messageId: expect.stringMatching(/^[\w-]{36}$/),
          receiptHandle: expect.any(String),
          body: 'hello',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
            ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
          },
          messageAttributes: {
            importId: { dataType: 'String', stringValue: 'abc', stringListValues: [], binaryListValues: [] },
            raw: { dataType: 'Binary', binaryValue: 'AQI=', stringListValues: [], binaryListValues: [] },
          },
          md5OfBody: '5d41402abc4b2a76b9719d911017c592',
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: queueArn,
          awsRegion: 'us-east-1',
        },
      ],
    });
    expect(context).toMatchObject({ functionName: 'enrich', memoryLimitInMB: '1024' });
    expect(context.awsRequestId).toMatch(/^[\w-]{36}$/);
    const remaining = context.getRemainingTimeInMillis();
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(60_000);
  }));

test('a failed message comes again with a higher receive count, then waits among the dead letters', () =>
  withTestAws(async (aws) => {
    await aws.sqs.send(new CreateQueueCommand({ QueueName: 'work-dlq' }));
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${queueArn}-dlq`, maxReceiveCount: 2 });
    await aws.sqs.send(
      new CreateQueueCommand({ QueueName: 'work', Attributes: { VisibilityTimeout: '1', RedrivePolicy } }),
    );
    await send(aws, 'poison');
    const receiveCounts: string[] = [];
    const mapping = start(aws, {
      handler: async ({ Records }) => {
        receiveCounts.push(Records[0]!.attributes.ApproximateReceiveCount);
        throw new Error('broken');
      },
    });
    const dead: unknown[] = [];
    while (dead.length === 0) dead.push(...(await drainQueue(aws.sqs, `${queueUrl}-dlq`)));
    await mapping.stop();
    expect(receiveCounts).toEqual(['1', '2']);
  }));

test('no more than the allowed invocations run at once, and every message is handled once', () =>
  withTestAws(async (aws) => {
    await createQueue(aws);
    await Promise.all(Array.from({ length: 100 }, (_, index) => send(aws, String(index))));
    const handled: string[] = [];
    const atOnce: number[] = [];
    let running = 0;
    const mapping = start(aws, {
      concurrency: 3,
      stage: { ...stage, batchSize: 1 },
      handler: async ({ Records }) => {
        running += 1;
        atOnce.push(running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        handled.push(...Records.map(({ body }) => body));
      },
    });
    while (handled.length < 100) await new Promise((resolve) => setImmediate(resolve));
    await mapping.stop();
    expect(new Set(handled).size).toBe(100);
    expect(handled).toHaveLength(100);
    expect(Math.max(...atOnce)).toBeLessThanOrEqual(3);
    expect(await counts(aws)).toEqual({ waiting: 0, inFlight: 0 });
  }));

test('a batch larger than one SQS request is gathered from several', () =>
  withTestAws(async (aws) => {
    await createQueue(aws);
    await Promise.all(Array.from({ length: 25 }, (_, index) => send(aws, String(index))));
    const sizes: number[] = [];
    const done = Promise.withResolvers<void>();
    const mapping = start(aws, {
      stage: { ...stage, batchSize: 25 },
      handler: async ({ Records }) => {
        sizes.push(Records.length);
        done.resolve();
      },
    });
    await done.promise;
    await mapping.stop();
    expect(sizes).toEqual([25]);
    expect(await counts(aws)).toEqual({ waiting: 0, inFlight: 0 });
  }));

test('stop waits for the batch in hand and its delete, and leaves later messages on the queue', () =>
  withTestAws(async (aws) => {
    await createQueue(aws);
    await send(aws, 'in hand');
    const invoked = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const mapping = start(aws, {
      handler: async () => {
        invoked.resolve();
        await finish.promise;
      },
    });
    await invoked.promise;
    let isStopped = false;
    const stopped = mapping.stop().then(() => {
      isStopped = true;
    });
    await send(aws, 'later');
    const later: unknown[] = [];
    while (later.length === 0) later.push(...(await drainQueue(aws.sqs, queueUrl)));
    expect(isStopped).toBe(false);
    finish.resolve();
    await stopped;
    expect(later).toMatchObject([{ Body: 'later' }]);
    expect(await counts(aws)).toEqual({ waiting: 0, inFlight: 0 });
  }));

test('a message that reaches the last poll after stop is given back at once', () =>
  withTestAws(async (aws) => {
    await createQueue(aws);
    const mapping = start(aws, {
      handler: async () => {
        throw new Error('invoked after stop');
      },
    });
    // The poll waits on the server before stop is called.
    await counts(aws);
    await counts(aws);
    const stopped = mapping.stop();
    await send(aws, 'late');
    await stopped;
    expect((await drainQueue(aws.sqs, queueUrl)).map(({ Body }) => Body)).toEqual(['late']);
  }));

test('a poll that SQS never answers is abandoned and said, and the next one goes on', () =>
  withTestAws(async (aws) => {
    await createQueue(aws);
    const { hostname, port } = new URL(aws.endpoint);
    const proxy = await startCuttableProxy({ host: hostname, port: Number(port) });
    const { sqs } = connectAws(`http://127.0.0.1:${proxy.port}`);
    const errors: unknown[] = [];
    const bodies: (string | undefined)[] = [];
    const mapping = start(
      { ...aws, sqs },
      {
        patienceSeconds: 0.3,
        onError: (error) => errors.push(error),
        handler: async ({ Records }) => void bodies.push(...Records.map(({ body }) => body)),
      },
    );
    // The poll waits on the server now.
    await counts(aws);
    await counts(aws);
    proxy.freeze();
    while (errors.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(errors).toMatchObject([{ name: 'TimeoutError' }]);
    await send(aws, 'after');
    while (bodies.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(bodies).toEqual(['after']);
    await mapping.stop();
    await proxy.close();
  }));
