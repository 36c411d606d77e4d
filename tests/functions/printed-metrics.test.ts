import type { SQSBatchResponse } from 'aws-lambda';
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import {
  capturePrinted,
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { objectCreated, sqsEvent, sqsRecord } from '../support/queue-events.ts';
import { createRecordingLog } from '../support/recording-log.ts';

let environment: FunctionEnvironment;
beforeAll(async () => {
  environment = await startFunctionEnvironment();
  Object.assign(process.env, environment.variables);
});
afterAll(() => environment.close());

test('a deployed stage prints what the dashboard shows, 429s of IGDB included; the local stack prints nothing', async () => {
  const { aws, simulators, variables } = environment;
  const key = `raw/steam-library-${people.player}-20260101T000000000Z.csv`;
  await aws.put(key, 'appid,name\n400,Portal\n');
  const printedBy = async (source: typeof variables): Promise<string[]> => {
    const stop = capturePrinted();
    try {
      const handler = createIgdbEnrichment(readEnv(source, []), createRecordingLog());
      await handler(sqsEvent(sqsRecord(objectCreated(key))));
    } finally {
      stop();
    }
    return stop()
      .split('\n')
      .filter((line) => line.startsWith('{'));
  };
  simulators.faults.igdb.push({ status: 429 });
  const lines = await printedBy(variables);
  const metrics = Object.assign({}, ...lines.map((line) => JSON.parse(line)));
  expect(metrics).toMatchObject({
    service: 'igdb-enrichment',
    imports: 1,
    failures: 0,
    matched: 1,
    unmatched: 0,
    rejected: 0,
    igdb_rate_limited: 1,
  });
  expect(metrics.igdb_requests).toBeGreaterThan(1);
  expect(metrics._aws.CloudWatchMetrics[0].Namespace).toBe(variables.DEPLOYMENT);

  expect(await printedBy({ ...variables, DEPLOYMENT: 'savepoint-local' })).toEqual([]);
});

test('a stage that waits for its overrides says so, in the metric that the alarm watches', async () => {
  const { aws, variables } = environment;
  await aws.put('overrides/apps.csv', 'not what people decided\n');
  const keys = ['20260102T000000000Z', '20260103T000000000Z'].map(
    (at) => `raw/steam-library-${people.player}-${at}.csv`,
  );
  for (const key of keys) await aws.put(key, 'appid,name\n400,Portal\n');
  const stop = capturePrinted();
  try {
    const { batchItemFailures } = (await createIgdbEnrichment(
      readEnv(variables, []),
      createRecordingLog(),
    )(sqsEvent(...keys.map((key) => sqsRecord(objectCreated(key)))))) as SQSBatchResponse;
    expect(batchItemFailures).toHaveLength(2);
  } finally {
    stop();
    await aws.bucket.delete('overrides/apps.csv');
  }
  expect(stop()).toContain('"service":"igdb-enrichment","overrides_unusable":2');
});
