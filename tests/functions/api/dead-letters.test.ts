import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { jsonPost, startTestApi, type TestApi } from '../../support/api-under-test.ts';
import { importIdOf } from '../../support/ids.ts';
import { deployment } from '../../support/pipeline-aws.ts';
import { drainQueue } from '../../support/queue.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
afterEach(() => drainQueue(api.aws.sqs, api.aws.queues['database-import'].deadLetterQueueUrl));

const importId = importIdOf('76561197960287930-20261123T043000123Z');
const at = '2026-11-23T04:30:00.000Z';
const error = { code: 'DATABASE_UNAVAILABLE', message: 'Down.', retryable: true };

async function bury(...letters: { person?: typeof importId | null; code?: string; body?: string }[]) {
  const queues = createStageQueues(api.aws.sqs, deployment);
  for (const { person = importId, code = error.code, body = `body of ${person}` } of letters)
    await queues.sendToDeadLetters('database-import', body, {
      importId: person,
      attempts: 5,
      firstFailedAt: at,
      lastFailedAt: at,
      error: { ...error, code },
      rounds: 0,
    });
}

const list = async (query = '') => {
  const { body } = await api.call(`/queues/database-import/dead-letters${query}`);
  return body as { messages: { body: string; error: { code: string } }[]; truncated: boolean };
};
const post = async (what: 'redrive' | 'discard', request: object) =>
  (await api.call(`/queues/database-import/${what}`, jsonPost(request))).body;

test('dead letters are looked at and redriven', async () => {
  await bury({}, {}, { person: null });
  const { messages, truncated } = await list();
  expect([messages.length, truncated]).toEqual([3, false]);
  expect(messages).toContainEqual({
    message_id: expect.any(String),
    import_id: importId,
    stage: 'database-import',
    attempts: 5,
    first_failed_at: at,
    last_failed_at: at,
    error,
    body: `body of ${importId}`,
  });
  const outcome = { more: false, dry_run: false };
  expect(await post('redrive', { import_id: importId, dry_run: true })).toEqual({
    moved: 0,
    matching: 2,
    more: false,
    dry_run: true,
  });
  expect(await post('redrive', { import_id: importId, max: 1 })).toEqual({
    moved: 1,
    matching: 2,
    more: true,
    dry_run: false,
  });
  expect(await post('redrive', {})).toEqual({ moved: 2, matching: 2, ...outcome });
  expect(await post('redrive', {})).toEqual({ moved: 0, matching: 0, ...outcome });
});

test('they are chosen by the code of their error, and discarded', async () => {
  await bury({ code: 'CSV_NOT_UTF8' }, { code: 'CSV_NOT_UTF8' }, {});
  expect((await list('?code=CSV_NOT_UTF8')).messages).toHaveLength(2);
  expect(await post('discard', { code: 'CSV_NOT_UTF8', dry_run: true })).toEqual({
    discarded: 0,
    matching: 2,
    more: false,
    dry_run: true,
  });
  expect(await post('discard', { code: 'CSV_NOT_UTF8' })).toMatchObject({ discarded: 2, matching: 2 });
  expect((await list()).messages.map((letter) => letter.error.code)).toEqual([error.code]);
  expect(await post('discard', { all: true })).toMatchObject({ discarded: 1, more: false });
});

test('a discard that names nothing is refused', async () => {
  await bury({});
  for (const body of [{}, { all: false }, { max: 5 }])
    expect(await post('discard', body)).toMatchObject({ status: 400, code: 'SELECTION_MISSING' });
  expect((await list()).messages).toHaveLength(1);
});

test('they come in pages that say whether there are more', async () => {
  await bury(...Array.from({ length: 101 }, () => ({})));
  const standard = await list();
  expect([standard.messages.length, standard.truncated]).toEqual([100, true]);
  const large = await list('?max=1000');
  expect([large.messages.length, large.truncated]).toEqual([101, false]);
  expect((await list('?max=3')).messages).toHaveLength(3);
});

test('an answer stays below 1 MB, whatever the letters hold', async () => {
  await bury(
    { body: '"'.repeat(600_000) },
    ...Array.from({ length: 5 }, () => ({ body: 'x'.repeat(250_000) })),
  );
  const { messages, truncated } = await list();
  expect(truncated).toBe(true);
  expect(messages.length).toBeGreaterThanOrEqual(3);
  expect(JSON.stringify({ messages }).length).toBeLessThan(1_000_000);
});

test.each(['0', '1001', 'x', '-1', '1.5'])('max=%s is refused', async (max) => {
  expect(await api.call(`/queues/steam-import/dead-letters?max=${max}`)).toMatchObject({
    status: 400,
    body: { code: 'MAX_INVALID', detail: expect.stringContaining('1 to 1000') },
  });
});

test('an unusable body moves nothing', async () => {
  await bury({});
  const unusable = [
    [{ max: 0 }, 'BODY_INVALID', 'max must be at least 1'],
    [{ max: 1.5 }, 'BODY_INVALID', 'max must be a whole number'],
    [{ max: '5' }, 'BODY_INVALID', 'max must be a number'],
    [{ dry_run: 'yes' }, 'BODY_INVALID', 'dry_run must be true or false'],
    [{ import_id: 5 }, 'BODY_INVALID', 'import_id must be an import id'],
    [{ dryRun: true }, 'UNKNOWN_FIELD', 'dryRun is no field'],
  ] as const;
  for (const [body, code, detail] of unusable)
    for (const what of ['redrive', 'discard'] as const)
      expect(await post(what, body)).toMatchObject({
        status: 400,
        code,
        detail: expect.stringContaining(detail),
      });
  expect((await list()).messages).toHaveLength(1);
});

test('causes are counted over all stages', async () => {
  await bury({}, {}, { code: 'CSV_HEADER_INVALID', person: null });
  const { body } = await api.call('/dead-letters/causes');
  const cause = { stage: 'database-import', message: 'Down.', retryable: true, oldest: at, newest: at };
  expect(body).toEqual({
    causes: [
      { ...cause, code: 'DATABASE_UNAVAILABLE', count: 2, example_import_id: importId },
      { ...cause, code: 'CSV_HEADER_INVALID', count: 1, example_import_id: null },
    ],
    truncated: false,
  });
  expect((await api.call('/dead-letters/causes?stage=x')).status).toBe(400);
});
