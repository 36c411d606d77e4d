import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { pendingKey } from '@savepoint/core/contracts/object-key.ts';
import { createDatabaseImport } from '@savepoint/functions/database-import.ts';
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { createAskingAgain } from '@savepoint/functions/runtime/asking-again.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import type { SQSBatchResponse } from 'aws-lambda';
import pg from 'pg';
import { withServer } from '../adapters/http/test-server.ts';
import {
  capturePrinted,
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { importIdOf } from '../support/ids.ts';
import { bucket, deployment } from '../support/pipeline-aws.ts';
import { drainQueue } from '../support/queue.ts';
import { objectCreated, sqsEvent, sqsRecord } from '../support/queue-events.ts';
import { createRecordingLog } from '../support/recording-log.ts';

/** A step that IGDB refuses costs its apps some hours, and nobody a library. */

let environment: FunctionEnvironment;
let printed: () => string;
beforeAll(async () => {
  environment = await startFunctionEnvironment();
  await migrate(environment.database.url);
  Object.assign(process.env, environment.variables);
  printed = capturePrinted();
});
afterAll(async () => {
  printed();
  await environment.close();
});

const importId = importIdOf(`${people.player}-20261101T000000000Z`);
const rawKey = `raw/steam-library-${importId}.csv`;
const enrichedKey = `enriched/steam-library-${importId}-enriched.csv`;
const done: SQSBatchResponse = { batchItemFailures: [] };
const hourMs = 60 * 60 * 1000;

/** The functions, with a receiver of notices, on a clock that is moved by hours. */
async function withFunctions(
  use: (functions: {
    /** An instance that remembers nothing, handed this message; then the load of what it published. */
    enrichAndLoad(body: unknown): Promise<void>;
    /** The bodies that a run sends so many hours from now. */
    askAgainAfter(hours: number): Promise<string[]>;
    notices: () => { type: string; result: Record<string, number> }[];
    log: ReturnType<typeof createRecordingLog>;
  }) => Promise<void>,
): Promise<void> {
  const { aws, variables } = environment;
  await withServer(
    (_request, response) => void response.writeHead(204).end(),
    async ({ url, received }) => {
      const webhook = {
        COMPLETION_WEBHOOK_URL: url,
        COMPLETION_WEBHOOK_KEY: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      };
      const env = readEnv({ ...variables, ...webhook }, []);
      const log = createRecordingLog();
      const load = createDatabaseImport(env, log);
      try {
        await use({
          async enrichAndLoad(body) {
            const enrich = createIgdbEnrichment(env, log, { instances: 1 });
            expect(await enrich(sqsEvent(sqsRecord(body)))).toEqual(done);
            expect(await load.handler(sqsEvent(sqsRecord(objectCreated(enrichedKey))))).toEqual(done);
          },
          async askAgainAfter(hours) {
            const { queueUrl } = aws.queues['igdb-enrichment'];
            await drainQueue(aws.sqs, queueUrl);
            const now = () => new Date(Date.now() + hours * hourMs);
            await createAskingAgain({ ...env, deployment, bucketName: bucket }, log, { ...aws, now })();
            return (await drainQueue(aws.sqs, queueUrl)).map(({ Body = '' }) => Body);
          },
          notices: () => received.map((request) => JSON.parse(request.body)),
          log,
        });
      } finally {
        await load.close();
      }
    },
  );
}

async function matches(): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: environment.database.url });
  await client.connect();
  try {
    const { rows } = await client.query('select app_id, match_status from steam_apps order by 1');
    return Object.fromEntries(rows.map(({ app_id, match_status }) => [app_id, match_status]));
  } finally {
    await client.end();
  }
}

test('what the uid step found is published, the rest is asked for again, and told once it changed', () =>
  withFunctions(async ({ enrichAndLoad, askAgainAfter, notices, log }) => {
    const { aws, simulators } = environment;
    // From now on IGDB knows Portal 2 by its name alone, and takes no question by name.
    simulators.control.hideUids([620]);
    for (const where of [{ path: '/games' }, { path: '/multiquery', holding: 'query games ' }])
      simulators.faults.igdb.push({
        ...where,
        status: 400,
        body: '[{"title":"Invalid Field","status":400}]',
        times: Number.POSITIVE_INFINITY,
      });
    await aws.put(rawKey, 'appid,name\n400,Portal\n620,Portal 2\n');
    await enrichAndLoad(objectCreated(rawKey));
    expect(await matches()).toEqual({ 400: 'MATCHED', 620: 'PENDING' });
    expect(notices()).toMatchObject([{ type: 'import.completed', result: { matched: 1, pending: 1 } }]);
    expect(await aws.exists(pendingKey(importId))).toBe(true);
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        step: 'name',
        whole_step: true,
        apps: 1,
        title: 'Invalid Field',
      }),
    );

    expect(await askAgainAfter(0.9)).toEqual([]);
    const [first, ...others] = await askAgainAfter(1.1);
    expect(others).toEqual([]);
    await enrichAndLoad(first);
    // IGDB refuses it still: nothing changed, and nobody is told of it.
    expect(await matches()).toEqual({ 400: 'MATCHED', 620: 'PENDING' });
    expect(notices()).toHaveLength(1);
    expect(await askAgainAfter(1.2)).toEqual([]);

    const [second] = await askAgainAfter(6.1);
    simulators.faults.igdb.length = 0;
    await enrichAndLoad(second);
    expect(await matches()).toEqual({ 400: 'MATCHED', 620: 'MATCHED' });
    expect(notices()[1]).toMatchObject({ type: 'import.completed', result: { matched: 2, changed: 1 } });
    expect(await aws.exists(pendingKey(importId))).toBe(false);
    expect(await askAgainAfter(24.1)).toEqual([]);
  }));
