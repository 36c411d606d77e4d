import { importIdOf } from '../../support/ids.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { completedNotice, failedNotice } from '@savepoint/core/completion-notice.ts';
import type { PipelineError } from '@savepoint/core/errors.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import { maxReceiveCount, stages } from '@savepoint/core/topology.ts';
import type { Context } from 'aws-lambda';
import { createNotices } from '@savepoint/functions/runtime/notice.ts';
import { createStageHandler } from '@savepoint/functions/runtime/stage-handler.ts';
import { withServer } from '../../adapters/http/test-server.ts';
import { sqsEvent, sqsRecord } from '../../support/queue-events.ts';
import { startMisbehavingServer } from '../../support/misbehaving-server.ts';
import { createRecordingLog } from '../../support/recording-log.ts';
import { createTestRuntime } from '../../support/stage-runtime.ts';

const importId = importIdOf('76561197960287930-20261123T043000123Z');
const notice = completedNotice(importId, 'database-import', {}, new Date())!;
const aws = { region: 'us-east-1', endpointUrl: undefined };
beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
});

/** Runs a stage on one message and gives what it told of the import's end, and its metrics. */
async function runStage(stage: keyof typeof stages, attempt: number, outcome: object | PipelineError) {
  const { runtime, notices, metrics } = createTestRuntime();
  const handler = createStageHandler(
    {
      stage: stages[stage],
      jobOfMessage: () => ({ importId, run: '1' }),
      jobOfPayload: () => ({ importId, run: '1' }),
      work: async () => [
        outcome instanceof Error
          ? { status: 'rejected' as const, reason: outcome }
          : { status: 'fulfilled' as const, value: outcome as Record<string, unknown> },
      ],
    },
    runtime,
  );
  await handler(sqsEvent(sqsRecord({}, { attempt })));
  return { notices, metrics };
}

const broken = new ValidationError('CSV_NOT_UTF8', 'Save it again.');

test('the end of an import is told: by the last stage, or by the one that gave up', async () => {
  const loaded = await runStage('database-import', 1, { imported_count: 2 });
  expect(loaded.notices).toMatchObject([
    { type: 'import.completed', import_id: importId, result: { imported_count: 2 }, error: null },
  ]);
  const enriched = await runStage('igdb-enrichment', 1, { matched: 2 });
  expect(enriched.notices).toEqual([]);
  const failed = await runStage('igdb-enrichment', 1, broken);
  expect(failed.notices).toMatchObject([
    { type: 'import.failed', stage: 'igdb-enrichment', error: { code: 'CSV_NOT_UTF8', retryable: false } },
  ]);
  const retrying = await runStage('igdb-enrichment', 1, new TypeError('lost'));
  expect(retrying.notices).toEqual([]);
  const exhausted = await runStage('igdb-enrichment', maxReceiveCount, new TypeError('lost'));
  expect(exhausted.notices).toMatchObject([{ type: 'import.failed', error: { retryable: true } }]);
});

test('every attempt is counted, and every dead letter', async () => {
  const { metrics } = await runStage('igdb-enrichment', 1, {
    matched: 7,
    unmatched: 2,
    rejected: 1,
    s3_key: 'x',
  });
  expect(metrics).toEqual([
    {
      service: 'igdb-enrichment',
      values: {
        imports: 1,
        failures: 0,
        duration_ms: expect.any(Number),
        matched: 7,
        unmatched: 2,
        rejected: 1,
      },
    },
  ]);
  const failed = await runStage('igdb-enrichment', 1, broken);
  expect(failed.metrics).toEqual([
    { service: 'igdb-enrichment', values: { dead_letters: 1 } },
    { service: 'igdb-enrichment', values: { imports: 0, failures: 1, duration_ms: expect.any(Number) } },
  ]);
});

test('a webhook that fails is logged without its address, and nothing is thrown', async () => {
  const log = createRecordingLog();
  await withServer(
    (_request, response) => void response.writeHead(403).end(),
    async ({ url }) => {
      const webhook = { url: `${url}/CANARYpath`, key: async () => 'CANARYkeys64' };
      const notices = createNotices({ topicArn: undefined, webhook }, { aws, log });
      notices.send(notice);
      await notices.sent(60);
    },
  );
  expect(log.lines).toMatchObject([{ level: 'warn', error_code: 'NOTICE_REFUSED', reason: 'HTTP 403' }]);
  expect(JSON.stringify(log.lines)).not.toContain('CANARY');
});

test('a receiver that stalls keeps nobody from answering, and the log says so', async () => {
  const log = createRecordingLog();
  const server = await startMisbehavingServer('stall before headers');
  const webhook = { url: server.url, key: async () => 'CANARYkeys64' };
  const endpoint = { region: 'us-east-1', endpointUrl: server.url };
  const notices = createNotices({ topicArn: 'arn:aws:sns:x', webhook }, { aws: endpoint, log });
  notices.send(notice);
  // Its three tries would last for more than fifteen seconds.
  await notices.sent(0.2);
  const line = { level: 'warn', error_code: 'NOTICE_NOT_SENT' };
  expect(log.lines).toMatchObject([line, line]);
  await server.left();
  await server.close();
});

test('a receiver that stalls delays no acknowledgement, and the failure of another message stays one', async () => {
  const log = createRecordingLog();
  const server = await startMisbehavingServer('stall before headers');
  const { runtime, acknowledged, retried } = createTestRuntime();
  const webhook = { url: server.url, key: async () => 'CANARYkeys64' };
  const notices = createNotices({ topicArn: undefined, webhook }, { aws, log });
  const handler = createStageHandler(
    {
      stage: stages['database-import'],
      jobOfMessage: (body) => ({ importId, run: JSON.stringify(body) }),
      jobOfPayload: () => ({ importId, run: '1' }),
      work: async (jobs) =>
        jobs.map(({ run }) =>
          run.includes('done')
            ? { status: 'fulfilled' as const, value: {} }
            : { status: 'rejected' as const, reason: new TypeError('lost') },
        ),
    },
    { ...runtime, notices },
  );
  const [done, failed] = [sqsRecord({ done: true }), sqsRecord({ failed: true })];
  let remainingSeconds = 300;
  const answer = handler(sqsEvent(done, failed), {
    getRemainingTimeInMillis: () => remainingSeconds * 1000,
  } as Context);
  // The answer waits for the notice, which nobody takes; the message does not.
  while (acknowledged.length === 0) await delay(5);
  expect(notices.areUnderway()).toBe(true);
  expect(acknowledged).toEqual([done.receiptHandle]);
  expect(retried.map(({ receiptHandle }) => receiptHandle)).toEqual([failed.receiptHandle]);
  remainingSeconds = 0;
  await server.close();
  expect(await answer).toEqual({ batchItemFailures: [{ itemIdentifier: failed.messageId }] });
});

test('nothing is sent unsigned, and nobody waits for a send that nobody asked for', async () => {
  const log = createRecordingLog();
  await withServer(
    (_request, response) => void response.writeHead(204).end(),
    async ({ url, received }) => {
      const notices = createNotices({ topicArn: undefined, webhook: { url, key: undefined } }, { aws, log });
      notices.send(notice);
      await notices.sent(60);
      await delay(20);
      expect(received).toEqual([]);
    },
  );
  expect(log.lines).toMatchObject([
    { level: 'warn', message: expect.stringContaining('COMPLETION_WEBHOOK_KEY') },
  ]);
});

test('a failed notice says what the stage said', () => {
  expect(failedNotice(importId, 'steam-import', broken, new Date(0))).toEqual({
    type: 'import.failed',
    import_id: importId,
    steam_id: '76561197960287930',
    stage: 'steam-import',
    finished_at: '1970-01-01T00:00:00.000Z',
    result: null,
    changes: null,
    library_url: null,
    error: { code: 'CSV_NOT_UTF8', message: 'Save it again.', retryable: false },
  });
});

test('a notice of completion says what changed, and where to read the library', () => {
  const counts = { imported_count: 9, new: 2, changed: 3, minutes_played: 95, gone: 1 };
  expect(completedNotice(importId, 'database-import', counts, new Date(0))).toMatchObject({
    type: 'import.completed',
    result: counts,
    changes: { new: 2, minutes_played: 95, gone: 1 },
    library_url: '/libraries/76561197960287930',
  });
});

test('the link leads to the API where somebody told where that is', () => {
  const { library_url } = completedNotice(
    importId,
    'database-import',
    {},
    new Date(0),
    'https://api.example/',
  )!;
  expect(library_url).toBe('https://api.example/libraries/76561197960287930');
});
