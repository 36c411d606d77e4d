import { placeOf } from '@savepoint/core/contracts/object-key.ts';
import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import { jsonPost, startTestApi, type TestApi } from '../../support/api-under-test.ts';
import { importIdOf } from '../../support/ids.ts';
import { drainQueue } from '../../support/queue.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const reconcile = async (body: object) => (await api.call('/reconcile', jsonPost(body))).body;
const waiting = async () =>
  (
    (await api.call('/queues')).body as {
      queues: { stage: string; waiting: number; oldest_seconds: number | null }[];
    }
  ).queues.map(({ stage, waiting, oldest_seconds }) => ({ stage, waiting, oldest_seconds }));

test('an import whose file nobody announced is queued, once it is old enough', async () => {
  expect(await reconcile({})).toEqual({ queued: [], postponed: [], more: false, dry_run: false });
  const importId = importIdOf('76561197960287930-20261123T043000123Z');
  await createImportIndex(api.aws.bucket).add(placeOf(importId));
  const key = `raw/steam-library-${importId}.csv`;
  await api.aws.put(key, 'appid\n220\n');
  // The embedded S3 announces what is put; here nobody hears it but the queue.
  await drainQueue(api.aws.sqs, api.aws.queues['igdb-enrichment'].queueUrl);

  expect(await reconcile({})).toMatchObject({ queued: [] });
  const gap = expect.objectContaining({ import_id: importId, stage: 'igdb-enrichment' });
  expect(await reconcile({ dry_run: true, older_than_seconds: 0 })).toMatchObject({
    queued: [gap],
    dry_run: true,
  });
  expect((await waiting())[1]).toMatchObject({ waiting: 0 });
  expect(await reconcile({ older_than_seconds: 0 })).toMatchObject({ queued: [gap], dry_run: false });
  expect((await waiting())[1]).toMatchObject({ stage: 'igdb-enrichment', waiting: 1 });
  // What waits in the queue is not sent twice.
  expect(await reconcile({ older_than_seconds: 0 })).toMatchObject({
    queued: [],
    postponed: [{ import_id: importId, reason: 'queue_busy' }],
  });
});

test.each([
  ['{"dryRun": true}', 'UNKNOWN_FIELD'],
  ['{"older_than_seconds": -1}', 'BODY_INVALID'],
  ['{"older_than_seconds": "15m"}', 'BODY_INVALID'],
])('%s moves nothing', async (body, code) => {
  const answer = await api.call('/reconcile', { ...jsonPost({}), body });
  expect([answer.status, answer.body.code]).toEqual([400, code]);
});
