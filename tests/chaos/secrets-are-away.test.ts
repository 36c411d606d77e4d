import { setTimeout as delay } from 'node:timers/promises';
import { newImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { viewImport } from '@savepoint/core/contracts/import-view.ts';
import { systemClock } from '@savepoint/adapters/igdb/clock.ts';
import { createRateLimiter } from '@savepoint/adapters/igdb/rate-limiter.ts';
import { igdbLimits } from '@savepoint/core/topology.ts';
import { secretIdVariable, secretNames } from '@savepoint/core/secrets.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { startStages } from '@savepoint/local/stages.ts';
import { startCloudEndpoint } from '../../tools/rehearsal/cloud-endpoint.ts';
import {
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { steamIdOf } from '../support/ids.ts';
import { impatient } from '../support/operated-stack.ts';
import { deployment } from '../support/pipeline-aws.ts';
import { createRecordingLog } from '../support/recording-log.ts';

/** Secrets Manager, without which no function gets at Steam, IGDB or the database. */

let surroundings: FunctionEnvironment;
beforeAll(async () => {
  surroundings = await startFunctionEnvironment();
  await migrate(surroundings.variables.DATABASE_URL);
  // As Lambda gives them to a function.
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = surroundings.variables;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
});
afterAll(() => surroundings.close());

/** What the functions are told in the cloud: names of secrets in the place of their values. */
function namesOf(values: FunctionEnvironment['variables']) {
  const secretValues: Record<string, string> = {
    steamApiKey: values.STEAM_API_KEY,
    igdbCredentials: JSON.stringify({
      client_id: values.IGDB_CLIENT_ID,
      client_secret: values.IGDB_CLIENT_SECRET,
    }),
    databaseUrl: values.DATABASE_URL,
  };
  const named = secretNames.filter((name) => secretValues[name] !== undefined);
  return {
    variables: Object.fromEntries(named.map((name) => [secretIdVariable(name), `secret-${name}`])),
    secrets: Object.fromEntries(named.map((name) => [`secret-${name}`, secretValues[name]!])),
  };
}

test('imports that are asked for while it is away complete when it is back', async () => {
  const { aws, variables } = surroundings;
  const { secrets, variables: secretIds } = namesOf(variables);
  let isAway = true;
  const cloud = await startCloudEndpoint(aws.endpoint, {
    secrets,
    mayCall: ({ action }) => !(isAway && action.startsWith('secretsmanager:')),
  });
  const {
    STEAM_API_KEY: _key,
    IGDB_CLIENT_ID: _id,
    IGDB_CLIENT_SECRET: _secret,
    DATABASE_URL: _url,
    ...others
  } = variables;
  const env = { ...readEnv({ ...others, ...secretIds, AWS_ENDPOINT_URL: cloud.url }, []), ...impatient };
  const log = createRecordingLog();
  const limiter = createRateLimiter(igdbLimits, systemClock);
  const stages = startStages(env, log, aws.sqs, { queues: aws.queues } as never, limiter);
  const statuses = createImportStatusStore(aws.bucket);
  const queues = createStageQueues(aws.sqs, deployment);
  const imports = [0, 1, 2].map((offset) =>
    newImportRequest(steamIdOf(people.player), new Date(Date.now() + offset)),
  );
  for (const request of imports) {
    await statuses.createRequest(request);
    await queues.send('steam-import', JSON.stringify(request));
  }
  const viewOf = async (importId: (typeof imports)[number]['import_id']) =>
    viewImport(importId, (await statuses.read(importId))!, new Date());
  const waitUntil = async (isThere: (view: Awaited<ReturnType<typeof viewOf>>) => boolean) => {
    for (const { import_id } of imports) while (!isThere(await viewOf(import_id))) await delay(100);
  };
  await waitUntil(({ stages: [fetching] }) => fetching!.error?.code === 'SECRET_UNAVAILABLE');
  expect(cloud.refused.length).toBeGreaterThan(0);
  isAway = false;
  await waitUntil(({ status }) => status === 'completed');
  // What the stages say of it names the secret, and nothing that it holds.
  const told = JSON.stringify([
    log.lines,
    await Promise.all(imports.map(({ import_id }) => viewOf(import_id))),
  ]);
  for (const value of Object.values(secrets)) expect(told).not.toContain(value);
  await stages.close();
  await cloud.close();
}, 120_000);
