import { ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';
import { drainQueue } from '../../support/queue.ts';
import { importRequest, objectCreated } from '../../support/queue-events.ts';
import { deadLettersOf, failure, importId, stage } from './buried.ts';

let aws: PipelineAws;
beforeEach(async () => {
  aws = await startPipelineAws();
});
afterEach(() => aws.close());

const { open, bury, bodiesIn } = deadLettersOf(() => aws);
const depth = async () => (await open().queues.depths()).find((queue) => queue.stage === stage)!;

test('dead letters are listed oldest failure first, with all that they tell, and stay where they are', async () => {
  await bury(3, 1, 2);
  const { letters } = open();
  for (let look = 0; look < 2; look += 1) {
    const listed = await letters.list(stage);
    expect(listed.map(({ body }) => body)).toEqual(['body 1', 'body 2', 'body 3']);
    expect(listed[0]).toEqual({
      message_id: expect.any(String),
      import_id: importId(1),
      stage,
      attempts: 5,
      first_failed_at: '2026-11-23T04:30:01.000Z',
      last_failed_at: '2026-11-23T04:31:01.000Z',
      error: failure(1).error,
      body: 'body 1',
    });
  }
  const Messages = await drainQueue(aws.sqs, aws.queues[stage].deadLetterQueueUrl);
  expect(Messages).toHaveLength(3);
});

test('an empty queue has none', async () => {
  const { letters } = open();
  expect(await letters.list(stage)).toEqual([]);
  expect(await letters.redrive(stage, {})).toEqual({ moved: 0, matching: 0 });
});

test('redriven messages return to their queue with body and attributes unchanged', async () => {
  await bury(1);
  const binary = { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) };
  await aws.sqs.send(
    new SendMessageCommand({
      QueueUrl: aws.queues[stage].deadLetterQueueUrl,
      MessageBody: 'somebody else’s',
      MessageAttributes: { trace: { DataType: 'String.trace', StringValue: 'abc' }, raw: binary },
    }),
  );
  const [before] = await drainCopies();
  expect(await open().letters.redrive(stage, {})).toEqual({ moved: 2, matching: 2 });
  const moved = await drainQueue(aws.sqs, aws.queues[stage].queueUrl);
  const byBody = new Map(moved.map((message) => [message.Body, message]));
  expect([...byBody.keys()].sort()).toEqual(['body 1', 'somebody else’s']);
  expect(byBody.get('body 1')?.MessageAttributes).toEqual(before);
  expect(byBody.get('somebody else’s')?.MessageAttributes).toMatchObject({
    trace: { DataType: 'String.trace', StringValue: 'abc' },
    raw: { DataType: 'Binary' },
  });
  expect(await depth()).toMatchObject({ dead_letters: 0 });
});

/** The attributes of `body 1`, looked at without taking it. */
async function drainCopies() {
  const { Messages = [] } = await aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: aws.queues[stage].deadLetterQueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages.filter(({ Body }) => Body === 'body 1').map(({ MessageAttributes }) => MessageAttributes);
}

test('one import, one message, at most so many, or none but counted', async () => {
  await bury(1, 2, 2, 3, 4);
  const { letters } = open();
  const redrive = (selection: Parameters<typeof letters.redrive>[1]) => letters.redrive(stage, selection);
  expect(await redrive({ dryRun: true })).toEqual({ moved: 0, matching: 5 });
  expect(await redrive({ importId: importId(2), dryRun: true })).toEqual({ moved: 0, matching: 2 });
  expect(await redrive({ importId: importId(9) })).toEqual({ moved: 0, matching: 0 });
  expect(await redrive({ importId: importId(2), max: 1 })).toEqual({ moved: 1, matching: 2 });
  const [{ message_id: messageId } = { message_id: '' }] = await letters.list(stage);
  expect(await redrive({ messageId })).toEqual({ moved: 1, matching: 1 });
  expect(await redrive({ max: 2 })).toEqual({ moved: 2, matching: 3 });
  expect(await letters.list(stage)).toHaveLength(1);
  expect(await bodiesIn(aws.queues[stage].queueUrl)).toHaveLength(4);
});

test('discarded messages are gone, and no others', async () => {
  await bury(1, 2, 3);
  const { letters } = open();
  expect(await letters.discard(stage, { importId: importId(2), dryRun: true })).toEqual({
    moved: 0,
    matching: 1,
  });
  expect(await letters.discard(stage, { importId: importId(2) })).toEqual({ moved: 1, matching: 1 });
  expect((await letters.list(stage)).map(({ body }) => body)).toEqual(['body 1', 'body 3']);
  expect(await bodiesIn(aws.queues[stage].queueUrl)).toEqual([]);
});

test('messages that SQS moved by itself are read from their bodies', async () => {
  const request = importRequest();
  const key = `raw/steam-library-${importId(1)}.csv`;
  for (const [name, body] of [
    [stage, request],
    ['igdb-enrichment', objectCreated(key)],
    ['igdb-enrichment', 'garbage'],
  ] as const)
    await aws.sqs.send(
      new SendMessageCommand({
        QueueUrl: aws.queues[name].deadLetterQueueUrl,
        MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  const { letters } = open();
  expect(await letters.list(stage)).toMatchObject([
    { import_id: request.import_id, attempts: 5, error: { code: 'STAGE_ABANDONED' } },
  ]);
  const listed = await letters.list('igdb-enrichment');
  expect(listed.map(({ import_id }) => import_id).sort()).toEqual([importId(1), null]);
  expect(await letters.redrive('igdb-enrichment', { importId: importId(1) })).toEqual({
    moved: 1,
    matching: 1,
  });
});

test('a thousand messages are redriven, each once', async () => {
  const bodies = Array.from({ length: 1000 }, (_, index) => `body ${String(index).padStart(4, '0')}`);
  for (let start = 0; start < bodies.length; start += 10)
    await aws.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: aws.queues[stage].deadLetterQueueUrl,
        Entries: bodies
          .slice(start, start + 10)
          .map((MessageBody, index) => ({ Id: String(index), MessageBody })),
      }),
    );
  expect(await open().letters.list(stage)).toHaveLength(1000);
  expect(await open().letters.redrive(stage, { max: 990 })).toEqual({ moved: 990, matching: 1000 });
  expect(await open().letters.redrive(stage, {})).toEqual({ moved: 10, matching: 10 });
  expect(await bodiesIn(aws.queues[stage].queueUrl)).toEqual(bodies);
});
