import {
  ChangeMessageVisibilityCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { maxReceiveCount } from '@savepoint/core/topology.ts';
import { type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';
import { drainQueue } from '../../support/queue.ts';
import { importRequest, objectCreated } from '../../support/queue-events.ts';
import { deadLettersOf, failure, importId, stage } from './buried.ts';

let aws: PipelineAws;
beforeEach(async () => {
  aws = await startPipelineAws();
});
afterEach(() => aws.close());

const { open, listed, bury, bodiesIn } = deadLettersOf(() => aws);
const depth = async () => (await open().queues.depths()).find((queue) => queue.stage === stage)!;

test('dead letters are listed oldest failure first, with all that they tell, and stay where they are', async () => {
  await bury(3, 1, 2);
  for (let look = 0; look < 2; look += 1) {
    const found = await listed();
    expect(found.map(({ body }) => body)).toEqual(['body 1', 'body 2', 'body 3']);
    expect(found[0]).toEqual({
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
  expect(await letters.list(stage, { max: 5 })).toEqual({ messages: [], truncated: false });
  expect(await letters.redrive(stage, {})).toEqual({ moved: 0, matching: 0, more: false, dry_run: false });
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
  expect(await open().letters.redrive(stage, {})).toMatchObject({ moved: 2, matching: 2, more: false });
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
  expect(await redrive({ dryRun: true })).toEqual({ moved: 0, matching: 5, more: false, dry_run: true });
  expect(await redrive({ dryRun: true, max: 2 })).toMatchObject({ moved: 0, matching: 5, more: true });
  expect(await redrive({ code: 'OTHER' })).toMatchObject({ moved: 0, matching: 0, more: false });
  expect(await redrive({ code: 'STEAM_UNAVAILABLE', dryRun: true })).toMatchObject({ matching: 5 });
  expect(await redrive({ importId: importId(2), dryRun: true })).toMatchObject({ moved: 0, matching: 2 });
  expect(await redrive({ importId: importId(9) })).toMatchObject({ moved: 0, matching: 0 });
  expect(await redrive({ importId: importId(2), max: 1 })).toMatchObject({
    moved: 1,
    matching: 2,
    more: true,
  });
  const [{ message_id: messageId } = { message_id: '' }] = await listed();
  expect(await redrive({ messageId })).toMatchObject({ moved: 1, matching: 1 });
  expect(await redrive({ max: 2 })).toMatchObject({ moved: 2, matching: 3 });
  expect(await listed()).toHaveLength(1);
  expect(await bodiesIn(aws.queues[stage].queueUrl)).toHaveLength(4);
});

test('discarded messages are gone, and no others', async () => {
  await bury(1, 2, 3);
  const { letters } = open();
  expect(await letters.discard(stage, { importId: importId(2), dryRun: true })).toEqual({
    discarded: 0,
    matching: 1,
    more: false,
    dry_run: true,
  });
  expect(await letters.discard(stage, { importId: importId(2) })).toMatchObject({
    discarded: 1,
    matching: 1,
  });
  expect((await listed()).map(({ body }) => body)).toEqual(['body 1', 'body 3']);
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
  expect(await listed()).toMatchObject([
    { import_id: request.import_id, attempts: maxReceiveCount, error: { code: 'STAGE_ABANDONED' } },
  ]);
  const found = await listed('igdb-enrichment');
  expect(found.map(({ import_id }) => import_id).sort()).toEqual([importId(1), null]);
  expect(await letters.redrive('igdb-enrichment', { importId: importId(1) })).toMatchObject({
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
  expect(await listed()).toHaveLength(1000);
  expect(await open().letters.redrive(stage, { max: 990 })).toMatchObject({
    moved: 990,
    matching: 1000,
    more: true,
  });
  expect(await open().letters.redrive(stage, {})).toMatchObject({ moved: 10, matching: 10, more: false });
  expect(await bodiesIn(aws.queues[stage].queueUrl)).toEqual(bodies);
});

test('a redrive that runs while somebody looks waits for what they hold, and moves it', async () => {
  await bury(1, 2, 3);
  const held = await drainWithout(3);
  const redriven = open({ patienceSeconds: 5 }).letters.redrive(stage, {});
  setTimeout(() => void held.giveBack(), 300);
  expect(await redriven).toEqual({ moved: 3, matching: 3, more: false, dry_run: false });
});

test('what others hold for too long is told to be left', async () => {
  await bury(1, 2, 3);
  const held = await drainWithout(2);
  expect(await open().letters.redrive(stage, {})).toMatchObject({ moved: 1, matching: 1, more: true });
  expect(await open().letters.list(stage, { max: 5 })).toEqual({ messages: [], truncated: true });
  await held.giveBack();
});

/** Somebody else's look at so many letters. */
async function drainWithout(count: number) {
  const QueueUrl = aws.queues[stage].deadLetterQueueUrl;
  const { Messages = [] } = await aws.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: count, VisibilityTimeout: 60 }),
  );
  expect(Messages).toHaveLength(count);
  const giveBack = () =>
    Promise.all(
      Messages.map(({ ReceiptHandle }) =>
        aws.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })),
      ),
    );
  return { giveBack };
}

test('looks and redrives at the same time lose nothing and show nothing twice', async () => {
  await bury(...Array.from({ length: 9 }, (_, index) => index + 1));
  const { letters } = open({ patienceSeconds: 3 });
  const [listed1, moved, listed2] = await Promise.all([
    letters.list(stage, { max: 100 }),
    letters.redrive(stage, {}),
    letters.list(stage, { max: 100 }),
  ]);
  for (const { messages } of [listed1, listed2])
    expect(new Set(messages.map(({ message_id }) => message_id)).size).toBe(messages.length);
  expect(moved).toMatchObject({ moved: 9, more: false });
});

test('a look ends in time, and says that there is more', async () => {
  await bury(1, 2, 3);
  const { letters } = open({ deadlineSeconds: 0 });
  expect(await letters.redrive(stage, {})).toMatchObject({ moved: 0, more: true });
  expect(await letters.list(stage, { max: 5 })).toMatchObject({ truncated: true });
  expect(await listed()).toHaveLength(3);
});

test("an operator's clock that is slow by a minute finds and moves everything", async () => {
  await bury(1, 2, 3);
  // As if SQS, which stamps the messages, were a minute ahead of this machine.
  const later = 60_000;
  aws.sqs.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = answer.response as { headers: Record<string, string> };
      headers.date = new Date(Date.parse(headers.date!) + later).toUTCString();
      return answer;
    },
    { step: 'deserialize', priority: 'low' },
  );
  aws.sqs.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { Messages = [] } = answer.output as { Messages?: { Attributes: Record<string, string> }[] };
      for (const { Attributes } of Messages)
        Attributes.SentTimestamp = String(Number(Attributes.SentTimestamp) + later);
      return answer;
    },
    { step: 'initialize' },
  );
  expect(await listed()).toHaveLength(3);
  expect(await open().letters.redrive(stage, {})).toMatchObject({ moved: 3 });
});

test('what fails again at once is not moved again', async () => {
  await bury(1);
  const { queues, letters } = open({ deadlineSeconds: 4 });
  let again = 0;
  aws.sqs.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName === 'DeleteMessageBatchCommand' && again < 50) {
          again += 1;
          await queues.sendToDeadLetters(stage, 'body 1', failure(1));
        }
        return answer;
      },
    { step: 'initialize' },
  );
  expect(await letters.redrive(stage, {})).toMatchObject({ moved: 1, matching: 1 });
  expect(await listed()).toHaveLength(1);
});
