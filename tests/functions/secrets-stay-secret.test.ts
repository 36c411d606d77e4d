import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { maxReceiveCount, type StageName } from '@savepoint/core/topology.ts';
import { createApi } from '@savepoint/functions/api.ts';
import { createDatabaseImport } from '@savepoint/functions/database-import.ts';
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { toldByDeployment } from '@savepoint/functions/runtime/configured.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { createJsonLog } from '@savepoint/functions/runtime/log.ts';
import { createSteamImport } from '@savepoint/functions/steam-import.ts';
import {
  capturePrinted,
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { deployment } from '../support/pipeline-aws.ts';
import { importRequest, objectCreated, sqsEvent, sqsRecord } from '../support/queue-events.ts';
import { noConsole } from '../support/no-console.ts';

let environment: FunctionEnvironment;
beforeAll(async () => {
  environment = await startFunctionEnvironment();
  Object.assign(process.env, environment.variables);
});
afterAll(() => environment.close());

const importId = `${people.player}-20260101T000000000Z`;
const events: Record<StageName, () => object> = {
  'steam-import': () => importRequest(people.player),
  'igdb-enrichment': () => objectCreated(`raw/steam-library-${importId}.csv`),
  'database-import': () => objectCreated(`enriched/steam-library-${importId}-enriched.csv`),
};

test('after every kind of failure no secret stands in a log, a status, a dead letter or an answer', async () => {
  const { aws, simulators, variables, database } = environment;
  await aws.put(`raw/steam-library-${importId}.csv`, 'appid,name\n400,Portal\n');
  await aws.put(`enriched/steam-library-${importId}-enriched.csv`, 'appid,name\n400,Portal\n');
  const databaseUrl = new URL(database.url);
  databaseUrl.password = 'CANARYpassword';
  databaseUrl.pathname = '/CANARYdatabase';
  const canaries = {
    ...variables,
    STEAM_API_KEY: 'CANARYsteamkey',
    IGDB_CLIENT_ID: 'CANARYclientid',
    IGDB_CLIENT_SECRET: 'CANARYclientsecret',
    DATABASE_URL: databaseUrl.href,
  };
  const closedPort = 'http://127.0.0.1:1';
  const unreachable = {
    ...canaries,
    STEAM_API_URL: closedPort,
    IGDB_TOKEN_URL: closedPort,
    DATABASE_URL: 'postgresql://CANARYuser:CANARYpassword@127.0.0.1:1/db',
  };
  const stop = capturePrinted();
  const answers: unknown[] = [];
  try {
    for (const source of [canaries, unreachable]) {
      const env = readEnv(source, []);
      const log = createJsonLog('test', { logLevel: 'DEBUG', logSteamIds: false });
      const loading = createDatabaseImport(env, log);
      const handlers = {
        'steam-import': createSteamImport(env, log),
        'igdb-enrichment': createIgdbEnrichment(env, log),
        'database-import': loading.handler,
      };
      for (const [stage, handler] of Object.entries(handlers)) {
        const body = events[stage as StageName]();
        answers.push(await handler(sqsEvent(sqsRecord(body, { attempt: maxReceiveCount }))));
      }
      await loading.close();
      const app = createApi(env, log, {
        tokens: [{ token: 'CANARYapitoken', scope: 'operate' }],
        console: noConsole,
        told: toldByDeployment({}),
      });
      for (const token of ['CANARYapitoken', 'CANARYwrong']) {
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const answer = await app.request('/imports', {
          method: 'POST',
          headers,
          body: '{"steam_id":"some-name"}',
        });
        answers.push(answer.status, await answer.text());
      }
    }
  } finally {
    answers.push(stop());
  }
  const letters = createDeadLetters(aws.sqs, deployment, { pollSeconds: 0, patienceSeconds: 0 });
  const dead = await Promise.all(
    (Object.keys(events) as StageName[]).map((stage) => letters.list(stage, { max: 100 })),
  );
  const statuses = await Promise.all((await aws.keys('status/')).map((key) => aws.get(key)));
  expect(answers.at(-1)).toMatch(/"database-import failed".*"settled":"dead_letter"/);
  // Each stage failed twice, so that there was something to leak.
  expect(dead.map(({ messages }) => messages.length)).toEqual([2, 2, 2]);
  expect(statuses.length).toBeGreaterThanOrEqual(4);
  const everything = JSON.stringify([answers, dead, statuses]);
  expect(everything).toContain('STEAM_KEY_REJECTED');
  expect(everything.match(/CANARY\w*/g) ?? []).toEqual([]);
  expect(everything).not.toContain(simulators.igdbClientSecret);
  // Nor does a log line name the person.
  expect(JSON.stringify(answers)).not.toContain(people.player);
});
