import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretId } from '@savepoint/core/secrets.ts';
import { provision } from '@savepoint/local/provision.ts';
import { type Simulators, startSimulators } from '@savepoint/simulators/start-simulators.ts';
import pg from 'pg';
import { evaluate } from '../../tools/graph/evaluate.ts';
import { type BundledCloud, startBundledCloud } from '../../tools/rehearsal/bundled-cloud.ts';
import { day } from '../../tools/rehearsal/day.ts';
import { httpEvent } from '../../tools/rehearsal/http-event.ts';
import { connectAws, startTestAws, type TestAws } from '../support/aws.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { compareUse } from './unused-grants.ts';

/**
 * What would be deployed, run: each function's bundle in a bare Node process, with the environment that the
 * deployment gives it, against the services of the local stack, and held to what its role allows.
 */
const token = 'a-token-of-the-test';

let directory: string;
let aws: TestAws;
let cloud: BundledCloud;
let database: TestDatabase;
let simulators: Simulators;

beforeAll(async () => {
  const [graph] = await evaluate([{ stage: 'dev' }], { bundleHandlers: false });
  if (!graph) throw new Error('nothing was evaluated');
  directory = await mkdtemp(join(tmpdir(), 'savepoint-bundled-'));
  [aws, database, simulators] = await Promise.all([startAws(), createTestDatabase(), startSimulators()]);
  cloud = await startBundledCloud({
    graph,
    directory,
    aws: { ...aws, region: 'us-east-1' },
    simulators,
    secrets: {
      [secretId('dev', 'steamApiKey')]: simulators.steamApiKey,
      [secretId('dev', 'igdbCredentials')]: JSON.stringify({
        client_id: simulators.igdbClientId,
        client_secret: simulators.igdbClientSecret,
      }),
      [secretId('dev', 'databaseUrl')]: database.url,
      [secretId('dev', 'apiToken')]: `an-older-token\n${token}`,
    },
  });
  await provision({ s3: aws.s3, sqs: aws.sqs, bucket: cloud.bucket, deployment: cloud.deployment });
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

test.each(day)('$what', ({ run }) => run(cloud, countRows), 120_000);

test('the authorizer lets both tokens of a rotation in, and no other', async () => {
  const ask = (authorization: string) =>
    cloud.invoke('authorizer', { ...httpEvent('GET', '/imports'), headers: { authorization } });
  expect(await ask(`Bearer ${token}`)).toMatchObject({ isAuthorized: true });
  expect(await ask('Bearer an-older-token')).toMatchObject({ isAuthorized: true });
  const refused = await ask('Bearer another').catch((error: unknown) => String(error));
  expect(JSON.stringify(refused)).not.toContain('"isAuthorized":true');
}, 60_000);

test('no function asked AWS for anything that its role does not allow', () => {
  expect(cloud.endpoint.refused).toEqual([]);
});

test('no role allows what nothing used, but for what has a reason', () => {
  expect(compareUse(cloud)).toEqual({ unused: [], reasonsWithoutGrant: [] });
});

async function countRows(table: string): Promise<number> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`);
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}
