import type { DeleteMessageBatchCommandInput, SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { maxReceiveCount } from '@savepoint/core/topology.ts';
import { connectAws } from '../../support/aws.ts';
import { failureOf } from '../../support/failure.ts';
import { deployment, type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';
import { deadLettersOf, failure, importId, quick, stage } from './buried.ts';

let aws: PipelineAws;
beforeEach(async () => {
  aws = await startPipelineAws();
});
afterEach(() => aws.close());

const { open, listed, bury, bodiesIn } = deadLettersOf(() => aws);

/** Clients of the same queues of which one command fails. */
function withFailing(commandName: string, times: number) {
  const { s3, sqs } = connectAws(aws.endpoint);
  let left = times;
  sqs.middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName !== commandName || left === 0) return next(args);
      left -= 1;
      throw Object.assign(new Error('connection lost'), { name: 'TimeoutError' });
    },
    { step: 'initialize' },
  );
  return {
    letters: createDeadLetters(sqs, deployment, quick),
    close: () => {
      s3.destroy();
      sqs.destroy();
    },
  };
}

test('a crash between copy and deletion duplicates a message, and loses none', async () => {
  await bury(1, 2, 3);
  const { letters, close } = withFailing('DeleteMessageBatchCommand', 100);
  expect(await failureOf(() => letters.redrive(stage, {}))).toMatchObject({
    code: 'QUEUE_UNAVAILABLE',
    retryable: true,
  });
  close();
  expect(await bodiesIn(aws.queues[stage].queueUrl)).toEqual(['body 1', 'body 2', 'body 3']);
  expect((await listed()).map(({ body }) => body)).toEqual(['body 1', 'body 2', 'body 3']);
});

test.each(['SendMessageBatchCommand', 'ReceiveMessageCommand', 'GetQueueUrlCommand'])(
  'a %s that fails leaves every message where it was, and visible',
  async (command) => {
    await bury(1, 2, 3);
    const { letters, close } = withFailing(command, 100);
    expect((await failureOf(() => letters.redrive(stage, {}))).code).toBe('QUEUE_UNAVAILABLE');
    close();
    expect(await listed()).toHaveLength(3);
    expect(await bodiesIn(aws.queues[stage].queueUrl)).toEqual([]);
  },
);

test('what SQS answers not to have deleted does not count as moved, and stays to be seen', async () => {
  await bury(1, 2);
  aws.sqs.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'DeleteMessageBatchCommand') return next(args);
        const { Entries = [] } = args.input as DeleteMessageBatchCommandInput;
        const Failed = Entries.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }));
        return { response: {}, output: { $metadata: {}, Successful: [], Failed } };
      },
    { step: 'initialize', name: 'refuse' },
  );
  expect(await open().letters.discard(stage, {})).toMatchObject({ discarded: 0, matching: 2, more: true });
  aws.sqs.middlewareStack.remove('refuse');
  expect(await listed()).toHaveLength(2);
});

test('messages that are too large together are redriven one by one', async () => {
  await bury(1, 2, 3);
  aws.sqs.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        const { Entries = [] } = args.input as SendMessageBatchCommandInput;
        if (commandName === 'SendMessageBatchCommand' && Entries.length > 1)
          throw Object.assign(new Error('too long'), { name: 'BatchRequestTooLong' });
        return next(args);
      },
    { step: 'initialize' },
  );
  expect(await open().letters.redrive(stage, {})).toMatchObject({ moved: 3, matching: 3, more: false });
  expect(await bodiesIn(aws.queues[stage].queueUrl)).toEqual(['body 1', 'body 2', 'body 3']);
});

test('what AWS marks as moved by itself was abandoned, whatever it failed of before', async () => {
  await bury(1);
  aws.sqs.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { Messages = [] } = answer.output as { Messages?: { Attributes?: Record<string, string> }[] };
      for (const message of Messages)
        message.Attributes = { ...message.Attributes, DeadLetterQueueSourceArn: 'arn' };
      return answer;
    },
    { step: 'initialize' },
  );
  expect(await listed()).toMatchObject([
    {
      import_id: importId(1),
      attempts: 5 + maxReceiveCount,
      first_failed_at: failure(1).firstFailedAt,
      error: { code: 'STAGE_ABANDONED' },
    },
  ]);
});
