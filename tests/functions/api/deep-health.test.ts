import { createApi } from '@savepoint/functions/api.ts';
import { toldByDeployment } from '@savepoint/functions/runtime/configured.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import type { AwsCall } from '../../../tools/rehearsal/aws-call.ts';
import { type CloudEndpoint, startCloudEndpoint } from '../../../tools/rehearsal/cloud-endpoint.ts';
import { awsCredentials } from '../../support/api-under-test.ts';
import { noConsole } from '../../support/no-console.ts';
import { bucket, deployment, type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';
import { createRecordingLog } from '../../support/recording-log.ts';

/** The API as it is deployed: with secrets by name, and no way to the database. */

let aws: PipelineAws;
beforeAll(async () => {
  Object.assign(process.env, awsCredentials);
  aws = await startPipelineAws();
});
afterAll(() => aws.close());

let cloud: CloudEndpoint | undefined;
afterEach(() => cloud?.close());

async function ask(mayCall: (call: AwsCall) => boolean, secrets: Record<string, string>) {
  cloud = await startCloudEndpoint(aws.endpoint, { secrets, mayCall });
  const variables = {
    AWS_ENDPOINT_URL: cloud.url,
    S3_BUCKET: bucket,
    DEPLOYMENT: deployment,
    STEAM_API_KEY_SECRET: 'steam-key',
    SELF_HEALING: 'off',
  };
  const app = createApi(readEnv(variables, []), createRecordingLog(), {
    tokens: null,
    console: noConsole,
    told: toldByDeployment({ NOTICES: 'topic webhook' }),
  });
  const answer = await app.request('/health/deep');
  const text = await answer.text();
  expect(text).not.toContain('CANARY');
  return { status: answer.status, body: JSON.parse(text) };
}

const everything = () => true;
const key = { 'steam-key': 'CANARYkey' };

test('a deployment asks its queues and its bucket, and says what is configured', async () => {
  const { status, body } = await ask(everything, key);
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'ok',
    checks: ['queues', 'bucket'].map((name) => ({
      name,
      status: 'ok',
      milliseconds: expect.any(Number),
      code: null,
    })),
    configured: {
      deployment,
      version: expect.any(String),
      steam: 'key_set',
      igdb: 'real',
      self_healing: false,
      notices: ['topic', 'webhook'],
    },
  });
});

test('a secret that was never filled is told, and is no outage', async () => {
  const { status, body } = await ask(everything, {});
  expect([status, body.configured.steam]).toEqual([200, 'key_missing']);
});

test.each([
  ['sqs', 'Away: queues (QUEUE_UNAVAILABLE).', 'key_set'],
  ['s3', 'Away: bucket (STORAGE_UNAVAILABLE).', 'key_set'],
  ['sqs|s3|secretsmanager', 'Away: queues (QUEUE_UNAVAILABLE), bucket (STORAGE_UNAVAILABLE).', 'key_unknown'],
])('without %s it is 503, and says what else is known', async (services, detail, steam) => {
  const refused = new RegExp(`^(${services}):`);
  const { status, body } = await ask(({ action }) => !refused.test(action), key);
  expect([status, body.code, body.detail]).toEqual([503, 'DEPENDENCY_AWAY', detail]);
  expect(body.configured.steam).toBe(steam);
});
