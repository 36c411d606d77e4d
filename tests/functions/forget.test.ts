import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { createFollows } from '@savepoint/adapters/s3/follows.ts';
import { createHealingWaves } from '@savepoint/adapters/s3/healing-waves.ts';
import { createPendingImports } from '@savepoint/adapters/s3/pending-imports.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { newImportRequest } from '@savepoint/core/contracts/import-request.ts';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { follow } from '@savepoint/core/operations/follows.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import { type StageName, stages } from '@savepoint/core/topology.ts';
import { createApi } from '@savepoint/functions/api.ts';
import { createForget } from '@savepoint/functions/forget.ts';
import { handler as databaseImport } from '@savepoint/functions/database-import.ts';
import { handler as igdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { toldByDeployment } from '@savepoint/functions/runtime/configured.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { handler as steamImport } from '@savepoint/functions/steam-import.ts';
import { serveOnLoopback } from '@savepoint/local/http-server.ts';
import { createContext, createSqsEvent } from '@savepoint/local/lambda-invocation.ts';
import pg from 'pg';
import { failureOf } from '../support/failure.ts';
import {
  capturePrinted,
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { bucket, deployment } from '../support/pipeline-aws.ts';
import { drainQueue } from '../support/queue.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { noConsole } from '../support/no-console.ts';

/** Nothing is left of a person who was forgotten, and nobody brings them back. */

const person = people.player as SteamId;
const neighbour = '76561197960287999' as SteamId;

let environment: FunctionEnvironment;
let database: pg.Client;
let forgetting: ReturnType<typeof createForget>;
let api: Awaited<ReturnType<typeof serveOnLoopback>>;
let printed: () => string;
const log = createRecordingLog();
beforeAll(async () => {
  environment = await startFunctionEnvironment();
  await migrate(environment.database.url);
  Object.assign(process.env, environment.variables);
  database = new pg.Client({ connectionString: environment.database.url });
  await database.connect();
  const env = readEnv(environment.variables, []);
  forgetting = createForget(env, log, { pollSeconds: 0 });
  api = await serveOnLoopback(
    createApi(env, log, { tokens: null, console: noConsole, told: toldByDeployment({}) }),
    0,
  );
  printed = capturePrinted();
});
afterAll(async () => {
  printed();
  await database.end();
  await forgetting.close();
  await api.close();
  await environment.close();
});

const forgetNow = (steamId = person) =>
  forgetting.handler({ steam_id: steamId, requested_at: new Date().toISOString() });

/** An import from Steam to rows. */
async function importLibrary(steamId: string): Promise<ImportId> {
  const raw = (await steamImport({ steam_id: steamId })) as { s3_key: string };
  const enriched = (await igdbEnrichment({ s3_key: raw.s3_key })) as { s3_key: string };
  await databaseImport({ s3_key: enriched.s3_key });
  return /\d{17}-\w+/.exec(raw.s3_key)![0] as ImportId;
}
async function dropLibrary(steamId: string, csv: string, at = '20260101T000000000Z'): Promise<string> {
  const Key = `enriched/steam-library-${steamId}-${at}-enriched.csv`;
  await environment.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: csv }));
  return Key;
}
const messageOf = async (stage: StageName | 'forget', waitSeconds = 1): Promise<Message[]> => {
  const { Messages = [] } = await environment.aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: environment.aws.queues[stage].queueUrl,
      WaitTimeSeconds: waitSeconds,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
};

/** Everything that mentions the person: keys and texts of objects, rows of every table, dead letters. */
async function tracesOf(steamId: string): Promise<string[]> {
  const found: string[] = [];
  for (const key of await environment.aws.keys()) {
    const text = key.includes(steamId) ? key : ((await environment.aws.bucket.read(key)) ?? '');
    if (text.includes(steamId)) found.push(key);
  }
  const tables = await database.query(`select tablename from pg_tables where schemaname = 'public'`);
  for (const { tablename } of tables.rows) {
    const { rows } = await database.query(`select 1 from ${tablename} t where t::text like '%${steamId}%'`);
    if (rows.length > 0) found.push(`table ${tablename}`);
  }
  for (const stage of ['steam-import', 'igdb-enrichment', 'database-import'] as const) {
    const { Messages = [] } = await environment.aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: environment.aws.queues[stage].deadLetterQueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    if (JSON.stringify(Messages).includes(steamId)) found.push(`dead letters of ${stage}`);
  }
  return found;
}

test('rows, files, status, index, follow, export, dead letters: a search finds the tombstone alone', async () => {
  const { bucket: objects, sqs } = environment.aws;
  const importId = await importLibrary(person);
  await databaseImport({ s3_key: await dropLibrary(neighbour, 'appid,name\n620,Portal 2\n') });
  await databaseImport({
    s3_key: await dropLibrary(person, 'appid,name,playtime_forever\nx,y,z\n620,Portal 2,5\n'),
  });
  await follow(person, 'day', { follows: createFollows(objects), now: () => new Date() });
  await createPendingImports(objects).write(importId, {
    asked: 0,
    next_at: new Date().toISOString(),
  } as never);
  await objects.put(`state/checkpoints/${importId}.jsonl`, '{}\n', 'text/plain');
  const waves = createHealingWaves(objects);
  await waves.write([
    { stage: 'steam-import', code: 'X', sentAt: new Date().toISOString(), step: 0, importIds: [importId] },
  ]);
  await createStageQueues(sqs, deployment).sendToDeadLetters(
    'steam-import',
    JSON.stringify(newImportRequest(person, new Date())),
    {
      importId,
      attempts: 1,
      firstFailedAt: new Date().toISOString(),
      lastFailedAt: new Date().toISOString(),
      error: { code: 'X', message: 'x', retryable: true },
      rounds: 0,
    },
  );
  const before = await tracesOf(person);
  for (const kind of [
    'raw/',
    'enriched/',
    'rejects/',
    'status/',
    'exports/',
    'index/',
    'follows/',
    'open/pending/',
    'state/checkpoints/',
    'state/healing/',
  ])
    expect(before.filter((key) => key.startsWith(kind))).not.toEqual([]);
  expect(before).toEqual(
    expect.arrayContaining([
      'table library_entries',
      'table imports',
      'table library_changes',
      'dead letters of steam-import',
    ]),
  );

  const dry = await fetch(`${api.url}/libraries/${person}?dry_run=true`, { method: 'DELETE' });
  expect([dry.status, await dry.json()]).toEqual([
    200,
    {
      steam_id: person,
      dry_run: true,
      objects: expect.objectContaining({ raw: 1, enriched: 2, rejects: 1, exports: 1, follows: 1 }),
    },
  ]);
  expect(await tracesOf(person)).toEqual(before);

  const asked = await fetch(`${api.url}/libraries/${person}`, { method: 'DELETE' });
  expect([asked.status, await asked.json()]).toEqual([202, { steam_id: person, status: 'queued' }]);
  const [message] = await messageOf('forget');
  const { queueArn } = environment.aws.queues.forget;
  expect(await forgetting.handler(createSqsEvent([message!], queueArn))).toEqual({ batchItemFailures: [] });
  expect(await tracesOf(person)).toEqual([]);
  expect((await environment.aws.keys('state/forgotten/')).join()).toMatch(
    /^state\/forgotten\/[0-9a-f]{64}\.json$/,
  );
  expect((await fetch(`${api.url}/libraries/${person}`)).status).toBe(404);
  // Nobody else lost anything, and what is everybody's stayed.
  expect((await fetch(`${api.url}/libraries/${neighbour}`)).status).toBe(200);
  const { rows } = await database.query('select count(*)::int as apps from steam_apps');
  expect(rows[0].apps).toBeGreaterThan(1);
  // Again, or a second look: nothing more to do.
  expect(await forgetNow()).toMatchObject({ objects: {}, rows: {}, dead_letters: 0 });
});

test('what was under way brings nobody back; who asks anew is imported', async () => {
  const requestedBefore = newImportRequest(person, new Date(Date.now() - 1000));
  const file = await dropLibrary(person, 'appid,name\n620,Portal 2\n', requestedBefore.import_id.slice(18));
  await forgetNow();
  await environment.aws.s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: file, Body: 'appid,name\n620,Portal 2\n' }),
  );
  const context = createContext(
    stages['steam-import'],
    'steam-import',
    environment.aws.queues['steam-import'].queueArn,
  );
  const late = createSqsEvent(
    [{ MessageId: randomUUID(), ReceiptHandle: 'x', Body: JSON.stringify(requestedBefore), Attributes: {} }],
    environment.aws.queues['steam-import'].queueArn,
  );
  expect(await steamImport(late, context)).toEqual({ batchItemFailures: [] });
  expect(await failureOf(() => databaseImport({ s3_key: file }))).toMatchObject({
    code: 'LIBRARY_FORGOTTEN',
    retryable: false,
  });
  await forgetNow();
  expect(await tracesOf(person)).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await importLibrary(person);
  expect((await fetch(`${api.url}/libraries/${person}`)).status).toBe(200);
});

test('rows of another program that refer to the library refuse it, and nothing is removed', async () => {
  await importLibrary(person);
  await database.query(`create table reviews (steam_id text, app_id int, words text,
    foreign key (steam_id, app_id) references library_entries (steam_id, app_id))`);
  await database.query(
    `insert into reviews select steam_id, app_id, 'good' from library_entries where steam_id = $1 limit 1`,
    [person],
  );
  try {
    const before = (await tracesOf(person)).filter((each) => each !== 'table reviews');
    expect(await failureOf(() => forgetNow())).toMatchObject({
      code: 'LIBRARY_REFERENCED',
      retryable: false,
      message: expect.stringContaining('reviews'),
    });
    expect((await tracesOf(person)).filter((each) => each !== 'table reviews')).toEqual(before);
    // As a message it is kept at once, with the reason, and not tried again.
    const { queueArn, deadLetterQueueUrl } = environment.aws.queues.forget;
    const Body = JSON.stringify({ steam_id: person, requested_at: new Date().toISOString() });
    const message = { MessageId: randomUUID(), ReceiptHandle: 'x', Body, Attributes: {} };
    expect(await forgetting.handler(createSqsEvent([message], queueArn))).toEqual({ batchItemFailures: [] });
    const [kept] = await drainQueue(environment.aws.sqs, deadLetterQueueUrl);
    expect([kept?.Body, kept?.MessageAttributes?.error_code?.StringValue]).toEqual([
      Body,
      'LIBRARY_REFERENCED',
    ]);
  } finally {
    await database.query('drop table reviews');
  }
  await forgetNow();
  expect(await tracesOf(person)).toEqual([]);
});

test('what an import confirmed of games stays true when its person is forgotten', async () => {
  const header = 'appid,name,igdb_id,igdb_name,match_status,learnt_at';
  await databaseImport({
    s3_key: await dropLibrary('76561197960288001', `${header}\n7,Seven,700,Seven,MATCHED,1700000000\n`),
  });
  await databaseImport({
    s3_key: await dropLibrary('76561197960288002', `${header}\n7,Seven,700,Seven,MATCHED,1760000000\n`),
  });
  await forgetNow('76561197960288002' as SteamId);
  // Learnt in between: the later word, of somebody who is gone, still holds.
  await databaseImport({
    s3_key: await dropLibrary('76561197960288003', `${header}\n7,Seven,701,Other,MATCHED,1720000000\n`),
  });
  const { rows } = await database.query('select igdb_name from library where app_id = 7 limit 1');
  expect(rows).toEqual([{ igdb_name: 'Seven' }]);
});

test.each([
  ['/libraries/76561197960287930?dryrun=true', 'UNKNOWN_PARAMETER'],
  ['/libraries/76561197960287930?dry_run=yes', 'PARAMETER_INVALID'],
  ['/libraries/somebody', 'STEAM_ID_UNREADABLE'],
])('DELETE %s is refused: %s', async (path, code) => {
  const answer = await fetch(api.url + path, { method: 'DELETE' });
  expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code })]);
});
