import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { personHash } from '@savepoint/adapters/s3/person-hash.ts';
import { importId } from '../support/stage-statuses.ts';
import { runSavepoint } from './run-savepoint.ts';

const key = 'a-key-of-the-deployment-that-is-long-enough';
const [steamId = '', timestamp = ''] = importId.split('-');
const hidden = `${personHash(key, steamId)}-${timestamp}`;
const event = (time: string, fields: object) => ({
  message: `${JSON.stringify({ level: 'INFO', timestamp: `2026-11-23T04:30:${time}.000Z`, ...fields })}\n`,
});
/** Log groups by their functions. */
const groups: Record<string, object[]> = {
  'steam-import': [
    event('01', { message: 'steam-import completed', import_id: hidden, service: 'steam-import' }),
  ],
  'igdb-enrichment': [event('03', { message: 'igdb-enrichment completed', import_id: hidden })],
  'database-import': [],
  api: [event('00', { message: 'asked for', import_id: hidden })],
};

/** S3 with the deployment's key, and CloudWatch Logs. */
async function startFakeAws() {
  const filters: { logGroupName: string; filterPattern: string; startTime: number }[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    if (request.method === 'GET') {
      response.end(JSON.stringify({ key }));
      return;
    }
    const filter = JSON.parse(body);
    filters.push(filter);
    const events = groups[filter.logGroupName.split('-').slice(2).join('-') as string];
    response.writeHead(events ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(events ? { events } : { __type: 'ResourceNotFoundException' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    filters,
    close: () => server.close(),
  };
}

const environment = (url: string) => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  S3_BUCKET: 'some-bucket',
});

test('logs of a deployment come from CloudWatch, found by the hash that stands for the person', async () => {
  const aws = await startFakeAws();
  const { exitCode, stdout, stderr } = await runSavepoint(
    ['logs', importId, '--stage', 'dev', '--since', '2026-11-23'],
    environment(aws.url),
  );
  aws.close();
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toBe(
    [
      `2026-11-23 04:30:00.000Z INFO  asked for import_id=${hidden}`,
      `2026-11-23 04:30:01.000Z INFO  steam-import completed import_id=${hidden}`,
      `2026-11-23 04:30:03.000Z INFO  igdb-enrichment completed import_id=${hidden}`,
      '',
    ].join('\n'),
  );
  expect(aws.filters.map(({ logGroupName }) => logGroupName).sort()).toEqual(
    ['api', 'database-import', 'igdb-enrichment', 'reconcile', 'steam-import'].map(
      (name) => `/aws/lambda/savepoint-dev-${name}`,
    ),
  );
  expect(aws.filters[0]).toMatchObject({
    filterPattern: `"${hidden}"`,
    startTime: Date.parse('2026-11-23T00:00:00Z'),
  });
});

test('CloudWatch that does not let us in is named', async () => {
  const { exitCode, stderr } = await runSavepoint(
    ['logs', '--stage', 'dev'],
    environment('http://127.0.0.1:1'),
  );
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(/CloudWatch Logs did not answer .*logs:FilterLogEvents/);
});
