import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import pg from 'pg';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { viewImport } from '@savepoint/core/contracts/import-view.ts';
import { maxReceiveCount, type StageName, stages } from '@savepoint/core/topology.ts';
import { handler as databaseImport } from '@savepoint/functions/database-import.ts';
import { handler as igdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import type { LambdaHandler } from '@savepoint/functions/runtime/lambda.ts';
import { handler as steamImport } from '@savepoint/functions/steam-import.ts';
import { createContext, createSqsEvent } from '@savepoint/local/lambda-invocation.ts';
import { failureOf } from '../support/failure.ts';
import {
  capturePrinted,
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { bucket, deployment } from '../support/pipeline-aws.ts';
import { importRequest, sqsEvent, sqsRecord } from '../support/queue-events.ts';

const handlers: Record<StageName, LambdaHandler> = {
  'steam-import': steamImport,
  'igdb-enrichment': igdbEnrichment,
  'database-import': databaseImport,
};

let environment: FunctionEnvironment;
let printed: () => string;
beforeAll(async () => {
  environment = await startFunctionEnvironment();
  await migrate(environment.database.url);
  Object.assign(process.env, environment.variables);
  printed = capturePrinted();
});
afterAll(async () => {
  printed();
  await environment.close();
});

/** Hands a stage what waits in its queue, as Lambda would. */
async function work(
  stage: StageName,
  extra: object[] = [],
): Promise<{ answer: SQSBatchResponse; messages: Message[] }> {
  const { queueUrl, queueArn } = environment.aws.queues[stage];
  const { Messages: messages = [] } = await environment.aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 5,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  const event = createSqsEvent(messages, queueArn);
  event.Records.push(...extra.map((body) => sqsRecord(body)));
  const context: Context = createContext(stages[stage], stage, queueArn);
  return { answer: (await handlers[stage](event, context)) as SQSBatchResponse, messages };
}

const view = async (importId: ImportId) =>
  viewImport(importId, (await createImportStatusStore(environment.aws.bucket).read(importId))!, new Date());
const deadLettersOf = async (stage: StageName) =>
  (await createDeadLetters(environment.aws.sqs, deployment, { pollSeconds: 0 }).list(stage, { max: 100 }))
    .messages;
const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: bucket };

async function rowsOf(text: string): Promise<pg.QueryResultRow[]> {
  const client = new pg.Client({ connectionString: environment.database.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('a batch of requests goes from stage to stage; what cannot be helped waits in dead letters', async () => {
  const { aws, games } = environment;
  const requests = [people.player, people.private, people.empty, people.unknown].map(importRequest);
  const records = requests.map((request) => sqsRecord(request));
  expect(await steamImport(sqsEvent(...records, sqsRecord('garbage')))).toEqual({ batchItemFailures: [] });
  const [importId] = requests.map(({ import_id }) => import_id) as [ImportId];
  const letters = await deadLettersOf('steam-import');
  expect(letters.map(({ import_id, error }) => [import_id, error.code]).sort()).toEqual(
    [
      [requests[1]!.import_id, 'STEAM_GAME_DETAILS_PRIVATE'],
      [requests[2]!.import_id, 'STEAM_LIBRARY_EMPTY'],
      [requests[3]!.import_id, 'STEAM_ACCOUNT_NOT_FOUND'],
      [null, 'MESSAGE_INVALID'],
    ].sort(),
  );
  expect(await aws.keys('raw/')).toEqual([`raw/steam-library-${importId}.csv`]);
  expect(await view(requests[1]!.import_id)).toMatchObject({
    status: 'failed',
    stages: [{ status: 'failed', error: { message: expect.stringContaining('Game details') } }, {}, {}],
  });

  expect((await work('igdb-enrichment', [testEvent])).answer).toEqual({ batchItemFailures: [] });
  expect(await view(importId)).toMatchObject({
    status: 'running',
    stages: [
      { status: 'completed', counts: { game_count: games } },
      { status: 'completed', counts: { processed: games, matched: 3 } },
      { status: 'queued' },
    ],
  });

  expect((await work('database-import')).answer).toEqual({ batchItemFailures: [] });
  expect(await view(importId)).toMatchObject({
    status: 'completed',
    result: { imported_count: 3, skipped_count: games - 3 },
  });
  expect(await rowsOf('SELECT count(*)::int AS entries FROM library_entries')).toEqual([{ entries: games }]);
  const dropped = `raw/steam-library-${people.player}-2025-01-31.csv`;
  await aws.put(dropped, Buffer.from([0xff, 0xfe, 0x00]));
  expect((await work('igdb-enrichment')).answer).toEqual({ batchItemFailures: [] });
  expect((await deadLettersOf('igdb-enrichment'))[0]).toMatchObject({
    import_id: `${people.player}-2025-01-31`,
    attempts: 1,
    error: { code: 'CSV_NOT_UTF8' },
  });
});

test('attempts are counted over redrives, in the status as in the dead letter, until another message comes', async () => {
  const { aws } = environment;
  const importId = `${people.player}-2025-02-01` as ImportId;
  const drop = () => aws.put(`raw/steam-library-${importId}.csv`, Buffer.from([0xff, 0xfe, 0x00]));
  const letters = createDeadLetters(aws.sqs, deployment, { pollSeconds: 0 });
  const counted = async () => ({
    letters: (await deadLettersOf('igdb-enrichment'))
      .filter(({ import_id }) => import_id === importId)
      .map(({ attempts }) => attempts),
    status: (await view(importId)).stages[1],
  });
  await drop();
  await work('igdb-enrichment');
  for (const attempts of [1, 2, 3]) {
    expect(await counted()).toMatchObject({
      letters: [attempts],
      status: { attempts, max_attempts: attempts - 1 + maxReceiveCount },
    });
    expect(await letters.redrive('igdb-enrichment', { importId })).toMatchObject({ moved: 1 });
    await work('igdb-enrichment');
  }
  await letters.discard('igdb-enrichment', { importId });
  await drop();
  await work('igdb-enrichment');
  const { status, ...again } = await counted();
  expect(again).toEqual({ letters: [1] });
  expect(status).toMatchObject({ attempts: 1, max_attempts: maxReceiveCount });
  expect(status?.history.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 1]);
  await letters.discard('igdb-enrichment', { importId });
});

test('each stage answers its plain payload', async () => {
  const raw = (await steamImport({ steam_id: people.player })) as { s3_key: string };
  expect(raw).toEqual({
    s3_key: expect.stringMatching(/^raw\/steam-library-76561197960287930-\d{8}T\d{9}Z\.csv$/),
    game_count: environment.games,
    dropped_count: 0,
  });
  const enriched = (await igdbEnrichment({ s3_key: raw.s3_key })) as { s3_key: string };
  expect(enriched).toMatchObject({
    s3_key: raw.s3_key.replace('raw/', 'enriched/').replace('.csv', '-enriched.csv'),
    processed: environment.games,
    matched: 3,
    unmatched: 0,
    filtered: environment.games - 3,
    rejected: 0,
  });
  expect(await databaseImport({ s3_key: enriched.s3_key })).toMatchObject({
    imported_count: 3,
    skipped_count: environment.games - 3,
  });
});

test.each([
  ['steam-import', {}, 'PAYLOAD_INVALID'],
  ['steam-import', { steam_id: 76561 }, 'PAYLOAD_INVALID'],
  ['steam-import', { steam_id: people.private }, 'STEAM_GAME_DETAILS_PRIVATE'],
  ['igdb-enrichment', { s3_key: 'raw/x.csv' }, 'KEY_INVALID'],
  ['igdb-enrichment', { s3_key: `raw/steam-library-${people.player}-none.csv` }, 'OBJECT_NOT_FOUND'],
  ['database-import', { s3_key: `raw/steam-library-${people.player}-none.csv` }, 'KEY_INVALID'],
  ['database-import', null, 'PAYLOAD_INVALID'],
] as const)('%s refuses the payload %j with %s', async (stage, payload, code) => {
  expect((await failureOf(() => handlers[stage](payload))).code).toBe(code);
});

test('an incident that may pass leaves the message in its queue, hidden for a while', async () => {
  const { aws, simulators } = environment;
  simulators.faults.steam.push({ times: 9, status: 503 });
  const request = importRequest(people.player);
  await createStageQueues(aws.sqs, deployment).send('steam-import', JSON.stringify(request));
  const { answer, messages } = await work('steam-import');
  simulators.faults.steam.length = 0;
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: messages[0]!.MessageId }] });
  expect(await view(request.import_id)).toMatchObject({
    status: 'running',
    stages: [
      {
        status: 'retrying',
        attempts: 1,
        next_attempt_at: expect.any(String),
        error: { code: 'STEAM_UNAVAILABLE', retryable: true },
      },
      {},
      {},
    ],
  });
  expect((await createStageQueues(aws.sqs, deployment).depths())[0]).toMatchObject({
    waiting: 0,
    in_flight: 1,
  });
});
