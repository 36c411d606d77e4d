import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import pg from 'pg';
import { secretId } from '@savepoint/core/secrets.ts';
import type { StageName } from '@savepoint/core/topology.ts';
import { createSqsEvent } from '@savepoint/local/lambda-invocation.ts';
import { type Provisioned, provision } from '@savepoint/local/provision.ts';
import { type Simulators, sampleAccounts, startSimulators } from '@savepoint/simulators/start-simulators.ts';
import { bundleHandler, type HandlerBundle } from '../../tools/graph/bundle-handler.ts';
import { evaluate } from '../../tools/graph/evaluate.ts';
import { connectAws, startTestAws, type TestAws } from '../support/aws.ts';
import { isGranted } from '../support/aws-call.ts';
import { type CloudEndpoint, startCloudEndpoint } from '../support/cloud-endpoint.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { drainQueue } from '../support/queue.ts';
import { type HttpAnswer, httpEvent } from './http-event.ts';
import { invokeBundle } from './invoke-bundle.ts';
import { grantsOf, type StackView, viewOf } from './rules/stack-view.ts';

/**
 * What would be deployed, run: each function's bundle in a bare Node process, with the environment that the
 * deployment gives it, against the services of the local stack, and held to what its role allows.
 */
const token = 'a-token-of-the-test';
const { steamId } = sampleAccounts.middling;

let stack: StackView;
let directory: string;
let aws: TestAws;
let cloud: CloudEndpoint;
let database: TestDatabase;
let simulators: Simulators;
let provisioned: Provisioned;

beforeAll(async () => {
  const [graph] = await evaluate([{ stage: 'dev' }], { bundleHandlers: false });
  if (!graph) throw new Error('nothing was evaluated');
  stack = viewOf(graph);
  directory = await mkdtemp(join(tmpdir(), 'savepoint-bundled-'));
  [aws, database, simulators] = await Promise.all([startAws(), createTestDatabase(), startSimulators()]);
  cloud = await startCloudEndpoint(
    aws.endpoint,
    {
      [secretId('dev', 'steamApiKey')]: simulators.steamApiKey,
      [secretId('dev', 'igdbCredentials')]: JSON.stringify({
        client_id: simulators.igdbClientId,
        client_secret: simulators.igdbClientSecret,
      }),
      [secretId('dev', 'databaseUrl')]: database.url,
      [secretId('dev', 'apiToken')]: `an-older-token\n${token}`,
    },
    (call) => isGranted(grantsOf(stack, running), call),
  );
  const bucket = String(stack.inputs('bucket').bucket);
  provisioned = await provision({ s3: aws.s3, sqs: aws.sqs, bucket, deployment: stack.deployment });
}, 600_000);

afterAll(async () => {
  await Promise.all([cloud.close(), simulators.close(), aws.close(), database.drop()]);
  await rm(directory, { recursive: true, force: true });
});

/** The embedded AWS, or any other (moto, LocalStack) whose address is given, which is to be empty. */
async function startAws(): Promise<TestAws> {
  const endpoint = process.env.TEST_AWS_ENDPOINT_URL;
  if (endpoint === undefined) return startTestAws();
  return { endpoint, ...connectAws(endpoint), close: async () => undefined };
}

/** The function whose bundle runs: one at a time. */
let running = '';
const bundled = new Map<string, Promise<HandlerBundle>>();

/** Calls a deployed function, bundled as the deployment asks. */
async function invokeWithLog(name: string, event: unknown): Promise<{ answer: unknown; log: string }> {
  const build = stack.builds.find(({ handler }) => handler === `packages/functions/${name}.handler`);
  if (!build) throw new Error(`The deployment has no function ${name}`);
  const bundle = bundled.get(name) ?? bundleHandler(build.handler, join(directory, name), build.properties);
  bundled.set(name, bundle);
  const functionName = `${stack.deployment}-${name}`;
  running = functionName;
  const { environment, timeout } = stack.inputs('function', functionName);
  const deployed = (environment as { variables: Record<string, string> }).variables;
  const cloudEnvironment = {
    ...deployed,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: 'test',
    AWS_ENDPOINT_URL: cloud.url,
    STEAM_API_URL: simulators.steamApiUrl,
    IGDB_API_URL: simulators.igdbApiUrl,
    IGDB_TOKEN_URL: simulators.igdbTokenUrl,
  };
  return invokeBundle(await bundle, event, {
    environment: cloudEnvironment,
    timeoutSeconds: Number(timeout),
  });
}

const invoke = async (name: string, event: unknown) => (await invokeWithLog(name, event)).answer;

/** Does what Lambda does with the message that waits in a stage's queue: calls the function, and deletes it. */
async function workOff(stage: StageName): Promise<{ log: string }> {
  const { queueUrl, queueArn } = provisioned.queues[stage];
  const { Messages = [] } = await aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      WaitTimeSeconds: 5,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  expect(Messages).toHaveLength(1);
  const { answer, log } = await invokeWithLog(stage, createSqsEvent(Messages, queueArn));
  if ((answer as { batchItemFailures: unknown[] }).batchItemFailures.length > 0) throw new Error(log);
  const [message] = Messages;
  await aws.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message?.ReceiptHandle }));
  return { log };
}

async function waiting(): Promise<string[]> {
  const bodies = Object.values(provisioned.queues).flatMap(({ queueUrl, deadLetterQueueUrl }) =>
    [queueUrl, deadLetterQueueUrl].map(async (url) => {
      const { Messages = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
      return Messages.map(({ Body = '' }) => Body);
    }),
  );
  return (await Promise.all(bodies)).flat();
}

test('the migrations make the schema', async () => {
  await invoke('migrate', {});
  expect(await count('select count(*) from games')).toBe(0);
});

test('the test event that S3 sends when it is told to notify is taken for what it is', async () => {
  await workOff('igdb-enrichment');
  await workOff('database-import');
  expect(await waiting()).toEqual([]);
}, 60_000);

test('an import passes through the API and the three stages into PostgreSQL', async () => {
  const accepted = (await invoke('api', httpEvent('POST', '/imports', { steam_id: steamId }))) as HttpAnswer;
  expect(accepted.statusCode).toBe(202);
  await workOff('steam-import');
  const { log } = await workOff('igdb-enrichment');
  await workOff('database-import');
  // What the dashboard shows.
  const metrics = log.split('\n').filter((line) => line.includes('"_aws"'));
  expect(metrics.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({
      service: 'igdb-enrichment',
      imports: 1,
      matched: expect.any(Number),
      unmatched: expect.any(Number),
    }),
  );
  expect(await count('select count(*) from library_entries')).toBe(180);

  const { import_id } = JSON.parse(accepted.body) as { import_id: string };
  const answer = (await invoke('api', httpEvent('GET', `/imports/${import_id}`))) as HttpAnswer;
  expect(JSON.parse(answer.body)).toMatchObject({ import_id, status: 'completed' });
}, 120_000);

test('the authorizer lets both tokens of a rotation in, and no other', async () => {
  const ask = (authorization: string) =>
    invoke('authorizer', { ...httpEvent('GET', '/imports'), headers: { authorization } });
  expect(await ask(`Bearer ${token}`)).toMatchObject({ isAuthorized: true });
  expect(await ask('Bearer an-older-token')).toMatchObject({ isAuthorized: true });
  const refused = await ask('Bearer another').catch((error: unknown) => String(error));
  expect(JSON.stringify(refused)).not.toContain('"isAuthorized":true');
}, 60_000);

test('a file that names nobody dies, is seen over the API, and can be sent back', async () => {
  const bucket = String(stack.inputs('bucket').bucket);
  const call = async (method: string, path: string, body?: unknown) =>
    JSON.parse(((await invoke('api', httpEvent(method, path, body))) as HttpAnswer).body);

  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'raw/nobody.csv', Body: 'appid\n220\n' }));
  await workOff('igdb-enrichment');
  expect(await call('GET', '/queues')).toMatchObject({
    queues: expect.arrayContaining([expect.objectContaining({ stage: 'igdb-enrichment', dead_letters: 1 })]),
  });
  expect(await call('GET', '/queues/igdb-enrichment/dead-letters')).toMatchObject({
    messages: [{ stage: 'igdb-enrichment', error: { code: 'KEY_INVALID' } }],
  });
  expect(await call('POST', '/queues/igdb-enrichment/redrive', {})).toMatchObject({ moved: 1, matching: 1 });
  // It is as hopeless as before; somebody else takes it out.
  await drainQueue(aws.sqs, provisioned.queues['igdb-enrichment'].queueUrl);
}, 120_000);

test('nothing is missing or dead, so nothing is sent again', async () => {
  await invoke('reconcile', {});
  expect(await waiting()).toEqual([]);
});

test('no function asked AWS for anything that its role does not allow', () => {
  expect(cloud.refused).toEqual([]);
});

async function count(query: string): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>(query);
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}
