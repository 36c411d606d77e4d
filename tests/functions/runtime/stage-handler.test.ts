import { continuationAttributes } from '@savepoint/core/contracts/dead-letter.ts';
import { PipelineError, UnfinishedWork } from '@savepoint/core/errors.ts';
import { maxReceiveCount } from '@savepoint/core/topology.ts';
import { objectCreated, sqsRecord } from '../../support/queue-events.ts';

import { broken, createStage, down, importId, keyOf, message } from '../../support/stage-under-test.ts';

test('a message whose work is done is acknowledged, and its status says so', async () => {
  const stage = createStage();
  expect(await stage.handle(message('a', { attempt: 2 }))).toEqual([true]);
  expect(stage.reported.map(({ status }) => status)).toEqual(['running', 'completed']);
  expect(stage.statuses.get(importId('a'))).toMatchObject({
    stage: 'igdb-enrichment',
    status: 'completed',
    attempts: 2,
    counts: { processed: 3 },
    s3_key: 'enriched/x.csv',
    finished_at: expect.any(String),
  });
  expect(stage.log.lines).toEqual([
    expect.objectContaining({
      level: 'info',
      outcome: 'completed',
      stage: 'igdb-enrichment',
      attempt: 2,
      counts: { processed: 3 },
    }),
  ]);
});

test('what nobody waits for is done once the status is told, of failures too', async () => {
  const told: string[][] = [];
  const stage = createStage({ bad: broken }, undefined, (reported) =>
    told.push(reported.map(({ status }) => status)),
  );
  await stage.handle(message('a'), message('bad'));
  await stage.handler({ s3_key: keyOf('a') });
  await expect(stage.handler({ s3_key: keyOf('bad') })).rejects.toThrow(broken);
  expect(told).toEqual([
    ['running', 'running', 'completed', 'failed'],
    ['running', 'running', 'completed', 'failed', 'running', 'completed'],
    ['running', 'running', 'completed', 'failed', 'running', 'completed', 'running', 'failed'],
  ]);
});

test('what may pass is tried again after a delay, and the status says when', async () => {
  const stage = createStage({
    a: new PipelineError('BUSY', 'Busy.', { retryable: true, operatorHint: 'Look.' }),
  });
  const before = Date.now();
  expect(await stage.handle(message('a', { attempt: 3, receiptHandle: 'handle' }))).toEqual([false]);
  expect(stage.deadLetters).toEqual([]);
  const [{ receiptHandle, delaySeconds } = { receiptHandle: '', delaySeconds: 0 }] = stage.retried;
  expect(receiptHandle).toBe('handle');
  // 10 · 2², jittered over the upper half.
  expect(delaySeconds).toBeGreaterThanOrEqual(20);
  expect(delaySeconds).toBeLessThanOrEqual(40);
  const status = stage.statuses.get(importId('a'));
  expect(status).toMatchObject({
    status: 'retrying',
    attempts: 3,
    finished_at: null,
    error: { code: 'BUSY', message: 'Busy.', operator_hint: 'Look.', retryable: true },
  });
  expect(Date.parse(status!.next_attempt_at!)).toBeGreaterThanOrEqual(before + delaySeconds * 1000);
});

test('Retry-After is honoured', async () => {
  const stage = createStage({ a: down });
  await stage.handle(message('a'));
  expect(stage.retried).toMatchObject([{ delaySeconds: 77 }]);
});

test('what nobody foresaw is tried again, and its words stay in the log', async () => {
  const stage = createStage({ a: new TypeError('CANARY is undefined') });
  expect(await stage.handle(message('a'))).toEqual([false]);
  expect(stage.statuses.get(importId('a'))).toMatchObject({
    status: 'retrying',
    error: { code: 'UNEXPECTED' },
  });
  expect(JSON.stringify([...stage.statuses.values()])).not.toContain('CANARY');
  expect(JSON.stringify(stage.log.lines)).toContain('CANARY is undefined');
});

test('a delay that cannot be set leaves the message to its visibility timeout', async () => {
  const stage = createStage({ a: down });
  stage.failing.retryLater = true;
  expect(await stage.handle(message('a'))).toEqual([false]);
  expect(stage.statuses.get(importId('a'))?.status).toBe('retrying');
});

test('what no retry can help goes to the dead letters at once, and is acknowledged', async () => {
  const stage = createStage({ a: broken });
  const record = message('a');
  expect(await stage.handle(record)).toEqual([true]);
  expect(stage.retried).toEqual([]);
  expect(stage.deadLetters).toEqual([
    {
      stage: 'igdb-enrichment',
      body: record.body,
      failure: {
        importId: importId('a'),
        attempts: 1,
        firstFailedAt: expect.any(String),
        lastFailedAt: expect.any(String),
        error: { code: 'CSV_NOT_UTF8', message: 'The file is not UTF-8.', retryable: false },
        rounds: 0,
      },
    },
  ]);
  expect(stage.statuses.get(importId('a'))).toMatchObject({
    status: 'failed',
    finished_at: expect.any(String),
    error: { code: 'CSV_NOT_UTF8', retryable: false },
  });
});

test('the last attempt ends in the dead letters, which count on over redrives', async () => {
  const stage = createStage({ a: down });
  const attributes = {
    attempts: '5',
    first_failed_at: '2026-11-20T00:00:00.000Z',
    last_failed_at: '2026-11-21T00:00:00.000Z',
    error_code: 'STEAM_UNAVAILABLE',
    error_message: 'Steam is down.',
  };
  expect(
    await stage.handle(
      message('a', { attempt: maxReceiveCount - 1 }),
      message('a', { attempt: maxReceiveCount, attributes }),
    ),
  ).toEqual([false, true]);
  expect(stage.deadLetters).toMatchObject([
    {
      failure: {
        attempts: 5 + maxReceiveCount,
        firstFailedAt: '2026-11-20T00:00:00.000Z',
        error: { code: 'STEAM_UNAVAILABLE' },
      },
    },
  ]);
  expect(stage.deadLetters[0]!.failure.lastFailedAt > '2026-11-22').toBe(true);
  const last = { attempts: 5 + maxReceiveCount, max_attempts: 5 + maxReceiveCount };
  expect(stage.statuses.get(importId('a'))).toMatchObject({ status: 'failed', ...last });
  expect(stage.log.lines.at(-1)).toMatchObject({ attempt: last.attempts, settled: 'dead_letter' });
});

test.each([
  ['permanent', broken, 1],
  ['last', down, maxReceiveCount],
])(
  'a %s failure whose dead letter cannot be written is not acknowledged, nor told as final',
  async (_what, failure, attempt) => {
    const stage = createStage({ a: failure });
    stage.failing.deadLetters = true;
    expect(await stage.handle(message('a', { attempt }))).toEqual([false]);
    expect(stage.statuses.get(importId('a'))?.status).toBe('running');
  },
);

test('work whose status cannot be stored is done again; a failure is settled all the same', async () => {
  const done = createStage();
  done.failing.statuses = true;
  expect(await done.handle(message('a'))).toEqual([false]);
  expect(done.retried).toHaveLength(1);
  const failed = createStage({ a: broken });
  failed.failing.statuses = true;
  expect(await failed.handle(message('a'))).toEqual([true]);
  expect(failed.deadLetters).toHaveLength(1);
});

test('each message of a batch is settled by its own outcome', async () => {
  const stage = createStage({ b: broken, c: down });
  const testEvent = sqsRecord({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' });
  const removal = sqsRecord({
    Records: [{ eventName: 'ObjectRemoved:Delete', s3: { object: { key: keyOf('x') } } }],
  });
  const two = sqsRecord({
    Records: [...objectCreated(keyOf('d')).Records, ...objectCreated(keyOf('c')).Records],
  });
  const batch = [
    message('a'),
    message('b'),
    sqsRecord('no JSON'),
    message('c'),
    testEvent,
    sqsRecord({}),
    removal,
    two,
  ];
  expect(await stage.handle(...batch)).toEqual([true, true, true, false, true, true, true, false]);
  expect(stage.jobsDone).toEqual([['a', 'b', 'c', 'd', 'c'].map(keyOf)]);
  expect(stage.deadLetters.map(({ body, failure }) => [body, failure.importId, failure.error.code])).toEqual([
    [batch[1]!.body, importId('b'), 'CSV_NOT_UTF8'],
    ['no JSON', null, 'MESSAGE_INVALID'],
    ['{}', null, 'MESSAGE_INVALID'],
  ]);
  expect([...stage.statuses].map(([id, { status }]) => [id.slice(18), status])).toEqual([
    ['a', 'completed'],
    ['b', 'failed'],
    ['c', 'retrying'],
    ['d', 'completed'],
  ]);
});

test('the end of an import is told to the outside, its retries are not', async () => {
  const stage = createStage({ b: broken, c: down });
  await stage.handle(message('a'), message('b'), message('c'), message('c', { attempt: maxReceiveCount }));
  expect(stage.notices).toMatchObject([
    { type: 'import.failed', import_id: importId('b'), error: { code: 'CSV_NOT_UTF8' } },
    { type: 'import.failed', import_id: importId('c'), error: { code: 'STEAM_UNAVAILABLE' } },
  ]);
  expect(stage.metrics.filter(({ values }) => values.dead_letters).length).toBe(2);
});

test('a key that names nobody is told in its dead letter, and the rest of the batch is done', async () => {
  const stage = createStage();
  expect(await stage.handle(sqsRecord(objectCreated('raw/holiday.csv')), message('a'))).toEqual([true, true]);
  expect(stage.deadLetters).toMatchObject([
    {
      failure: {
        importId: null,
        error: { code: 'KEY_INVALID', message: expect.stringContaining('raw/holiday.csv') },
      },
    },
  ]);
  expect(stage.statuses.get(importId('a'))?.status).toBe('completed');
});

test('a batch that fails as a whole fails each of its messages', async () => {
  const stage = createStage({}, () => {
    throw down;
  });
  expect(await stage.handle(message('a'), message('b'))).toEqual([false, false]);
  expect(stage.retried).toHaveLength(2);
});

const several = (...keys: string[]) => ({ Records: keys.flatMap((key) => objectCreated(key, '01').Records) });

test('a record that names nobody does not stop its neighbours, and is given up under its own name', async () => {
  const stage = createStage();
  expect(await stage.handle(sqsRecord(several(keyOf('a'), 'raw/notes.csv', keyOf('b'))))).toEqual([true]);
  expect(stage.jobsDone).toEqual([['a', 'b'].map(keyOf)]);
  expect([...stage.statuses.values()].map(({ status }) => status)).toEqual(['completed', 'completed']);
  expect(stage.deadLetters.map(({ body, failure }) => [body, failure.importId, failure.error.code])).toEqual([
    [JSON.stringify(several('raw/notes.csv')), null, 'KEY_INVALID'],
  ]);
});

test('each record that fails becomes a dead letter of its own import', async () => {
  const stage = createStage({ b: broken, c: broken });
  expect(await stage.handle(sqsRecord(several(...['a', 'b', 'c'].map(keyOf))))).toEqual([true]);
  expect(stage.deadLetters.map(({ body, failure }) => [body, failure.importId])).toEqual(
    ['b', 'c'].map((name) => [JSON.stringify(several(keyOf(name))), importId(name)]),
  );
  expect(stage.metrics.filter(({ values }) => values.dead_letters)).toHaveLength(2);
});

test('while one record may pass the message comes again whole, and permanent failures are buried once', async () => {
  const stage = createStage({ b: broken, c: down });
  const body = several(...['a', 'b', 'c'].map(keyOf));
  expect(await stage.handle(sqsRecord(body))).toEqual([false]);
  expect(await stage.handle(sqsRecord(body, { attempt: 2 }))).toEqual([false]);
  expect(stage.deadLetters).toEqual([]);
  expect([...stage.statuses.values()].map(({ status, error }) => [status, error?.code])).toEqual([
    ['completed', undefined],
    ['retrying', 'CSV_NOT_UTF8'],
    ['retrying', 'STEAM_UNAVAILABLE'],
  ]);
  expect(await stage.handle(sqsRecord(body, { attempt: maxReceiveCount }))).toEqual([true]);
  expect(stage.deadLetters.map(({ failure }) => [failure.importId, failure.error.code])).toEqual([
    [importId('b'), 'CSV_NOT_UTF8'],
    [importId('c'), 'STEAM_UNAVAILABLE'],
  ]);
});

test('a notification in an SNS envelope is worked on, and buried as it came', async () => {
  const record = sqsRecord({ Type: 'Notification', Message: JSON.stringify(several(keyOf('b'))) });
  const stage = createStage({ b: broken });
  expect(await stage.handle(record)).toEqual([true]);
  expect(stage.deadLetters).toMatchObject([{ body: record.body, failure: { importId: importId('b') } }]);
});

const unfinished = new UnfinishedWork('IGDB_DEADLINE', '9 apps are still to be looked up.', {
  retryable: true,
});

test('work that ran out of time goes on as a new message, which uses up no attempt', async () => {
  const stage = createStage({ a: unfinished });
  const record = message('a', { attempt: 3 });
  expect(await stage.handle(record)).toEqual([true]);
  expect([stage.retried, stage.deadLetters, stage.notices]).toEqual([[], [], []]);
  expect(stage.sentAgain).toEqual([
    { body: record.body, continuation: { earlierFailure: null, earlierAttempts: 2 } },
  ]);
  expect(stage.statuses.get(importId('a'))).toMatchObject({ status: 'retrying', attempts: 3, error: null });
  expect(stage.log.lines).toMatchObject([{ level: 'info', outcome: 'unfinished', attempt: 3 }]);
  expect(stage.metrics).toMatchObject([{ values: { duration_ms: expect.any(Number) } }]);
  expect(Object.keys(stage.metrics[0]!.values)).toEqual(['duration_ms']);
});

test('its attempts are counted on from where they were, and so is what it failed of before', async () => {
  const earlierFailure = {
    importId: null,
    attempts: 11,
    firstFailedAt: '2026-11-20T00:00:00.000Z',
    lastFailedAt: '2026-11-21T00:00:00.000Z',
    error: { code: 'IGDB_UNAVAILABLE', message: 'Down.', retryable: true },
    rounds: 1,
  };
  const attributes = continuationAttributes('igdb-enrichment', {
    earlierFailure,
    earlierAttempts: maxReceiveCount - 1,
  });
  expect(Object.keys(attributes).length).toBeLessThanOrEqual(10);
  const again = createStage({ a: unfinished });
  await again.handle(message('a', { attributes }));
  expect(again.sentAgain).toMatchObject([
    { continuation: { earlierFailure, earlierAttempts: maxReceiveCount - 1 } },
  ]);
  const failing = createStage({ a: down });
  expect(await failing.handle(message('a', { attributes }))).toEqual([true]);
  expect(failing.deadLetters).toMatchObject([
    { failure: { attempts: 11 + maxReceiveCount, firstFailedAt: earlierFailure.firstFailedAt, rounds: 1 } },
  ]);
});

test('of several records each goes its own way at the end', async () => {
  const stage = createStage({ b: broken, c: unfinished });
  expect(await stage.handle(sqsRecord(several(...['a', 'b', 'c'].map(keyOf))))).toEqual([true]);
  expect(stage.sentAgain.map(({ body }) => body)).toEqual([JSON.stringify(several(keyOf('c')))]);
  expect(stage.deadLetters.map(({ failure }) => failure.importId)).toEqual([importId('b')]);
});

test('what cannot be sent again is not acknowledged', async () => {
  const stage = createStage({ a: unfinished });
  stage.failing.deadLetters = true;
  expect(await stage.handle(message('a'))).toEqual([false]);
});
