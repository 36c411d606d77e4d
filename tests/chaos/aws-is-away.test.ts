import { setTimeout as delay } from 'node:timers/promises';
import { sampleAccounts } from '@savepoint/simulators/start-simulators.ts';
import { startTestAws, type TestAws } from '../support/aws.ts';
import { type CuttableProxy, startCuttableProxy } from '../support/cuttable-proxy.ts';
import { impatient } from '../support/operated-stack.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** S3 and SQS together, which nothing of the pipeline can do without. */

let aws: TestAws;
let line: CuttableProxy;
let stack: TestStack;
beforeAll(async () => {
  aws = await startTestAws();
  const { hostname, port } = new URL(aws.endpoint);
  line = await startCuttableProxy({ host: hostname, port: Number(port) });
  stack = await startTestStack({ AWS_ENDPOINT_URL: `http://127.0.0.1:${line.port}` }, impatient);
});
afterAll(async () => {
  await stack.close();
  await line.close();
  await aws.close();
});

const ask = (steamId: string) => stack.request('/imports', { method: 'POST', body: { steam_id: steamId } });

test('what was accepted before they went away completes when they are back; nothing is accepted meanwhile', async () => {
  const people = Object.values(sampleAccounts)
    .map(({ steamId }) => steamId)
    .slice(0, 3);
  const accepted = await Promise.all(people.map(ask));
  expect(accepted.map(({ status }) => status)).toEqual([202, 202, 202]);
  for (const seconds of [0.2, 5]) {
    await delay(300);
    line.cut();
    await delay(seconds * 1000);
    line.mend();
  }
  line.cut();
  const refused = await ask(people[0]!);
  expect(refused.status).toBeGreaterThanOrEqual(500);
  line.mend();
  const views = await Promise.all(accepted.map(({ body }) => stack.waitFor(body.import_id)));
  expect(views.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
}, 180_000);
