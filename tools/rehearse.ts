import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DeleteBucketPolicyCommand } from '@aws-sdk/client-s3';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { secretId } from '@savepoint/core/secrets.ts';
import { startEmbeddedPostgres } from '@savepoint/local/embedded/postgres.ts';
import { type Simulators, startSimulators } from '@savepoint/simulators/start-simulators.ts';
import pg from 'pg';
import { account } from './graph/aws-mocks.ts';
import { evaluate } from './graph/evaluate.ts';
import { settingsGiven } from './graph/settings-given.ts';
import { type Clients, connect } from './rehearsal/apply/applier.ts';
import { applyGraph } from './rehearsal/apply/apply-graph.ts';
import { type BundledCloud, bucketOf, startBundledCloud } from './rehearsal/bundled-cloud.ts';
import { type CountRows, day } from './rehearsal/day.ts';
import { tellApplied } from './rehearsal/tell-applied.ts';
import { zipBundles } from './rehearsal/zip-bundles.ts';

/**
 * Applies what would be deployed to some implementation of AWS, resource by resource, and lets the bundled functions work
 * a day there. It is to be empty, and to take any credentials: this is no way to deploy to AWS.
 */
const { values } = parseArgs({
  options: { endpoint: { type: 'string' }, stage: { type: 'string', default: 'dev' } },
});
const { endpoint, stage } = values;
if (endpoint === undefined || /amazonaws\.com/.test(endpoint)) {
  console.error(
    'Say where: npm run stacks:rehearse -- --endpoint http://127.0.0.1:5000 (moto, LocalStack; not AWS).',
  );
  process.exit(2);
}

/** @returns whether the day went well */
async function rehearse(awsEndpoint: string, stageName: string): Promise<boolean> {
  const [graph] = await evaluate([{ stage: stageName }], {
    environment: { ...settingsGiven(process.env), AWS_REGION: account.region },
    bundleHandlers: false,
  });
  if (!graph || graph.errors.length > 0) throw new Error(graph?.errors.join('\n'));
  const clients = connect(awsEndpoint, account.region);
  const applied = await applyGraph(graph.resources, clients, zipBundles(graph, directory));
  console.log(tellApplied(applied).join('\n'));
  if (awsEndpoint.startsWith('http:')) {
    await clients.s3.send(new DeleteBucketPolicyCommand({ Bucket: bucketOf(graph) })).catch(() => undefined);
    console.log('The bucket’s policy, which demands TLS, was taken away again: this endpoint has none.');
  }

  const [simulators, postgres] = await Promise.all([
    startSimulators(),
    startEmbeddedPostgres({ dataDir: join(directory, 'postgres'), durable: false }),
  ]);
  const secrets = secretsOf(stageName, simulators, postgres.databaseUrl);
  const keepsSecrets = await fillSecrets(clients, secrets);
  if (!keepsSecrets) console.log('Its Secrets Manager took no values; the rehearsal answers in its place.');
  const cloud = await startBundledCloud({
    graph,
    directory,
    aws: { endpoint: awsEndpoint, s3: clients.s3, sqs: clients.sqs, region: account.region },
    simulators,
    secrets: keepsSecrets ? null : secrets,
  });
  try {
    return await runDay(cloud, rowCounter(postgres.databaseUrl));
  } finally {
    await Promise.all([cloud.close(), simulators.close(), postgres.close()]);
  }
}

async function runDay(cloud: BundledCloud, countRows: CountRows): Promise<boolean> {
  let wentWell = true;
  console.log('The day of the bundled functions:');
  for (const { what, run } of day) {
    const startedAt = performance.now();
    try {
      await run(cloud, countRows);
      console.log(`ok      ${what} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    } catch (error) {
      wentWell = false;
      console.log(`FAILED  ${what}: ${(error as Error).message.slice(0, 2000)}`);
    }
  }
  const { refused } = cloud.endpoint;
  console.log(
    refused.length === 0
      ? 'No function asked for anything that its role does not allow.'
      : `Beyond what their roles allow: ${JSON.stringify(refused)}`,
  );
  return wentWell && refused.length === 0;
}

const secretsOf = (
  stageName: string,
  simulators: Simulators,
  databaseUrl: string,
): Record<string, string> => ({
  [secretId(stageName, 'steamApiKey')]: simulators.steamApiKey,
  [secretId(stageName, 'igdbCredentials')]: JSON.stringify({
    client_id: simulators.igdbClientId,
    client_secret: simulators.igdbClientSecret,
  }),
  [secretId(stageName, 'databaseUrl')]: databaseUrl,
  [secretId(stageName, 'apiToken')]: 'a-token-of-the-rehearsal',
});

async function fillSecrets({ secrets }: Clients, values: Record<string, string>): Promise<boolean> {
  try {
    for (const [SecretId, SecretString] of Object.entries(values))
      await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    return true;
  } catch {
    return false;
  }
}

const rowCounter =
  (connectionString: string): CountRows =>
  async (table) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      const { rows } = await client.query<{ count: string }>(`select count(*) from ${table}`);
      return Number(rows[0]?.count);
    } finally {
      await client.end();
    }
  };

const directory = await mkdtemp(join(tmpdir(), 'savepoint-rehearsal-'));
try {
  process.exitCode = (await rehearse(endpoint, stage)) ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}
