import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { failureOf } from '../../support/failure.ts';
import { deployment, type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';
import { drainQueue } from '../../support/queue.ts';

let aws: PipelineAws;
beforeEach(async () => {
  aws = await startPipelineAws();
});
afterEach(() => aws.close());

const receive = async (VisibilityTimeout?: number) => {
  const { Messages = [] } = await aws.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: aws.queues['steam-import'].queueUrl, VisibilityTimeout }),
  );
  return Messages;
};

test('what is sent to a stage waits in its queue, and nowhere else', async () => {
  const queues = createStageQueues(aws.sqs, deployment);
  await queues.send('steam-import', 'one');
  await queues.send('steam-import', 'two');
  await receive();
  expect(await queues.depths()).toEqual([
    { stage: 'steam-import', waiting: 1, in_flight: 1, delayed: 0, dead_letters: 0 },
    { stage: 'igdb-enrichment', waiting: 0, in_flight: 0, delayed: 0, dead_letters: 0 },
    { stage: 'database-import', waiting: 0, in_flight: 0, delayed: 0, dead_letters: 0 },
  ]);
});

test('acknowledged messages are gone, also when they are acknowledged twice', async () => {
  const queues = createStageQueues(aws.sqs, deployment);
  for (const body of ['one', 'two', 'three']) await queues.send('steam-import', body);
  const received = [...(await receive(600)), ...(await receive(600))];
  const receiptHandles = received.map(({ ReceiptHandle }) => ReceiptHandle!);
  await queues.acknowledge('steam-import', receiptHandles);
  await queues.acknowledge('steam-import', receiptHandles);
  expect((await queues.depths())[0]).toMatchObject({ waiting: 3 - receiptHandles.length, in_flight: 0 });
});

test('a message that is retried later is hidden for that long', async () => {
  const queues = createStageQueues(aws.sqs, deployment);
  await queues.send('steam-import', 'one');
  const [hidden] = await receive(600);
  await queues.retryLater('steam-import', hidden!.ReceiptHandle!, 1);
  expect(await receive()).toEqual([]);
  const { Messages = [] } = await aws.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: aws.queues['steam-import'].queueUrl, WaitTimeSeconds: 10 }),
  );
  expect(Messages[0]?.Body).toBe('one');
});

test('a dead letter takes any text as its reason, and shows what SQS can carry of it', async () => {
  const queues = createStageQueues(aws.sqs, deployment);
  const at = new Date(0).toISOString();
  const failure = { importId: null, attempts: 1, firstFailedAt: at, lastFailedAt: at, rounds: 0 };
  await queues.sendToDeadLetters('steam-import', 'x', {
    ...failure,
    error: { code: 'A', retryable: false, message: 'nul\u0000 bell\u0007 🎮 \ud800 \uffff' },
  });
  await queues.sendToDeadLetters('steam-import', 'y', {
    ...failure,
    error: { code: 'A', message: '', retryable: false },
  });
  const messages = await drainQueue(aws.sqs, aws.queues['steam-import'].deadLetterQueueUrl);
  const reasons = messages.map(({ MessageAttributes }) => MessageAttributes?.error_message?.StringValue);
  expect(reasons).toEqual(['nul  bell  🎮    ', ' ']);
  expect(messages[0]?.MessageAttributes).not.toHaveProperty('import_id');
});

test('a queue that does not exist is a failure that may pass, and is looked for again', async () => {
  const queues = createStageQueues(aws.sqs, 'nothing-deployed');
  for (const work of [
    () => queues.send('steam-import', 'x'),
    () => queues.retryLater('steam-import', 'x', 1),
    () => queues.depths(),
  ])
    expect(await failureOf(work)).toMatchObject({ code: 'QUEUE_UNAVAILABLE', retryable: true });
});
