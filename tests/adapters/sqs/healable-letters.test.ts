import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createHealingWaves } from '@savepoint/adapters/s3/healing-waves.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { readFailure } from '@savepoint/core/contracts/dead-letter.ts';
import { deployment, type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';
import { drainQueue } from '../../support/queue.ts';
import { importRequest } from '../../support/queue-events.ts';
import { failure, importId, quick, stage } from './buried.ts';

let aws: PipelineAws;
beforeEach(async () => {
  aws = await startPipelineAws();
});
afterEach(() => aws.close());

const open = () => createDeadLetters(aws.sqs, deployment, quick);

async function failuresIn(queueUrl: string) {
  const messages = await drainQueue(aws.sqs, queueUrl);
  return messages.map(({ Body, MessageAttributes = {} }) => {
    const attributes = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    return { body: Body, failure: readFailure(Object.fromEntries(attributes)) };
  });
}

test('what may be healed is found, and goes back one round older with body and story kept', async () => {
  const queues = createStageQueues(aws.sqs, deployment);
  await queues.sendToDeadLetters(stage, 'one', { ...failure(1), rounds: 1 });
  await queues.sendToDeadLetters(stage, 'spent', { ...failure(2), rounds: 3 });
  await queues.sendToDeadLetters(stage, 'for good', {
    ...failure(3),
    error: { ...failure(3).error, retryable: false },
  });
  const letters = await open().listHealable(stage);
  expect(letters).toMatchObject([{ import_id: importId(1), body: 'one', rounds: 1 }]);
  expect(await open().sendRound(stage, letters)).toEqual(letters);
  expect(await failuresIn(aws.queues[stage].queueUrl)).toEqual([
    { body: 'one', failure: { ...failure(1), rounds: 2 } },
  ]);
  expect(await open().sendRound(stage, letters)).toEqual([]);
  expect(await failuresIn(aws.queues[stage].deadLetterQueueUrl)).toHaveLength(2);
});

test('a letter that SQS moved has no story, and gets one', async () => {
  const request = importRequest();
  await aws.sqs.send(
    new SendMessageCommand({
      QueueUrl: aws.queues[stage].deadLetterQueueUrl,
      MessageBody: JSON.stringify(request),
    }),
  );
  const letters = await open().listHealable(stage);
  expect(letters).toMatchObject([{ import_id: request.import_id, rounds: 0 }]);
  await open().sendRound(stage, letters);
  expect(await failuresIn(aws.queues[stage].queueUrl)).toMatchObject([
    { failure: { importId: request.import_id, rounds: 1, error: { code: 'STAGE_ABANDONED' } } },
  ]);
});

test('what was sent is remembered from run to run', async () => {
  const waves = createHealingWaves(aws.bucket);
  expect(await waves.read()).toEqual([]);
  const wave = {
    stage,
    code: 'STEAM_UNAVAILABLE',
    sentAt: new Date(0).toISOString(),
    step: 1,
    importIds: [importId(1)],
  } as const;
  await waves.write([{ ...wave, importIds: [...wave.importIds] }]);
  expect(await waves.read()).toEqual([wave]);
  await aws.put('state/healing/waves.json', 'garbage');
  expect(await waves.read()).toEqual([]);
});
