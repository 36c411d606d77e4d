import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretId } from '@savepoint/core/secrets.ts';
import { type Simulators, startSimulators } from '@savepoint/simulators/start-simulators.ts';
import pg from 'pg';
import { account } from '../../tools/graph/aws-mocks.ts';
import { evaluate } from '../../tools/graph/evaluate.ts';
import { connect } from '../../tools/rehearsal/apply/applier.ts';
import { type Applied, applyGraph } from '../../tools/rehearsal/apply/apply-graph.ts';
import { type BundledCloud, startBundledCloud } from '../../tools/rehearsal/bundled-cloud.ts';
import { day } from '../../tools/rehearsal/day.ts';
import { httpEvent } from '../../tools/rehearsal/http-event.ts';
import { startTestAws, type TestAws } from '../support/aws.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { compareUse } from './unused-grants.ts';

/**
 * What would be deployed, run: each function's bundle in a bare Node process, with the environment that the
 * deployment gives it, against the services of the local stack, and held to what its role allows.
 */
const token = 'a-token-of-the-test';

let directory: string;
let aws: TestAws;
let applied: Applied;
let cloud: BundledCloud;
let database: TestDatabase;
let simulators: Simulators;

beforeAll(async () => {
  const [graph] = await evaluate([{ stage: 'dev' }], { bundleHandlers: false });
  if (!graph) throw new Error('nothing was evaluated');
  directory = await mkdtemp(join(tmpdir(), 'savepoint-bundled-'));
  [aws, database, simulators] = await Promise.all([startTestAws(), createTestDatabase(), startSimulators()]);
  const { s3, sqs, ...others } = connect(aws.endpoint, account.region);
  applied = await applyGraph(graph.resources, { s3, sqs, ...others }, async () => new Uint8Array(1));
  cloud = await startBundledCloud({
    graph,
    directory,
    aws: { endpoint: aws.endpoint, s3, sqs, region: account.region },
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
}, 600_000);

afterAll(async () => {
  await Promise.all([cloud.close(), simulators.close(), aws.close(), database.drop()]);
  await rm(directory, { recursive: true, force: true });
});

test('the embedded S3 and SQS take what they know of the deployment, and say what they lack', () => {
  const taken = new Set(applied.applied.map(({ type }) => type.split(':').at(-1)));
  expect([...taken].sort()).toEqual([
    'Bucket',
    'BucketLifecycleConfiguration',
    'BucketNotification',
    'BucketObjectv2',
    'Queue',
    'QueuePolicy',
  ]);
  const lacks = applied.refused
    .filter(({ resource }) => resource.type.startsWith('aws:s3/'))
    .map(({ resource, reason }) => [resource.name, reason]);
  expect(lacks).toEqual(
    [
      ['LibraryPolicy', 'policy'],
      ['LibraryPublicAccessBlock', 'publicAccessBlock'],
      ['LibraryEncryption', 'encryption'],
      ['LibraryVersioning', 'versioning'],
    ].map(([name, what]) => [name, `NotImplemented: The embedded S3 has no ${what}.`]),
  );
  // Nothing that a deployment has is unknown to the rehearsal.
  expect(applied.refused.filter(({ reason }) => reason.includes('does not know'))).toEqual([]);
});

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
