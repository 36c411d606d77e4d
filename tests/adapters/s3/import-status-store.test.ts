import { importIdOf, steamIdOf } from '../../support/ids.ts';
import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import type { StageStatus } from '@savepoint/core/contracts/import-status.ts';
import { newImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';

let aws: PipelineAws;
beforeAll(async () => {
  aws = await startPipelineAws();
});
afterAll(() => aws.close());

const [gabe, other] = [steamIdOf('76561197960287930'), steamIdOf('76561197960287931')];
const request = newImportRequest(gabe, new Date('2026-11-23T04:30:00.123Z'));
const record = (status: StageStatus['status'], startedAt: string): StageStatus => ({
  stage: 'igdb-enrichment',
  status,
  run: 'r',
  attempts: 1,
  started_at: startedAt,
  attempt_started_at: startedAt,
  finished_at: null,
  next_attempt_at: null,
  progress: null,
  counts: null,
  s3_key: null,
  error: null,
});

test('a request is created once, and read with what the stages report', async () => {
  const statuses = createImportStatusStore(aws.bucket);
  expect(await statuses.read(request.import_id)).toBeNull();
  expect([await statuses.createRequest(request), await statuses.createRequest(request)]).toEqual([
    true,
    false,
  ]);
  expect(await statuses.read(request.import_id)).toEqual({ request, stages: {} });
  await statuses.report(request.import_id, record('running', '2026-11-23T04:30:01Z'));
  await statuses.report(request.import_id, record('completed', '2026-11-23T04:30:01Z'));
  await statuses.report(request.import_id, record('running', '2026-11-23T04:30:02Z'));
  expect(await statuses.read(request.import_id)).toMatchObject({
    stages: { 'igdb-enrichment': { status: 'completed' } },
  });
});

test('reports that come together are merged, each after the other', async () => {
  const statuses = createImportStatusStore(aws.bucket);
  const importId = importIdOf(`${gabe}-together`);
  const reports = Array.from({ length: 12 }, (_, second) =>
    record(second === 5 ? 'completed' : 'running', `2026-11-23T04:30:${10 + second}Z`),
  );
  await Promise.all(reports.map((report) => statuses.report(importId, report)));
  expect(await statuses.read(importId)).toMatchObject({
    request: null,
    stages: { 'igdb-enrichment': { status: 'completed' } },
  });
});

test('an attempt writes its status without reading it, unless somebody else wrote', async () => {
  const calls: string[] = [];
  const bucket = new Proxy(aws.bucket, {
    get: (target, name: keyof Bucket) =>
      ((...given: never[]) => {
        calls.push(name);
        return (target[name] as (...given: never[]) => unknown)(...given);
      }) as never,
  });
  const importId = importIdOf(`${gabe}-unread`);
  const mine = createImportStatusStore(bucket);
  await mine.report(importId, record('running', '2026-11-23T04:30:01Z'));
  await mine.report(importId, {
    ...record('running', '2026-11-23T04:30:01Z'),
    progress: { done: 1, total: 2 },
  });
  // The head looks for a request.
  expect(calls.filter((name) => name !== 'put')).toEqual(['replace', 'head', 'replace']);

  await createImportStatusStore(aws.bucket).report(importId, record('completed', '2026-11-23T04:30:02Z'));
  calls.length = 0;
  await mine.report(importId, record('retrying', '2026-11-23T04:30:01Z'));
  expect(calls).toEqual(['replace', 'update']);
  expect(await mine.read(importId)).toMatchObject({
    stages: { 'igdb-enrichment': { status: 'completed' } },
  });
});

test('imports are listed newest first, whatever the form of their timestamps', async () => {
  const statuses = createImportStatusStore(aws.bucket);
  const ids = ['2026-03-01', '20260401T000000000Z', '2026-02-01T10:00:00Z', 'undated'].map((stamp) =>
    importIdOf(`${other}-${stamp}`),
  );
  for (const id of ids) await statuses.report(id, record('running', '2026-11-23T04:30:00Z'));
  await aws.put('status/not-an-import/x.json', '{}');
  const [march, april, february, undated] = ids;
  expect(await statuses.list({ steamId: other, max: 10 })).toEqual([april, march, february, undated]);
  expect(await statuses.list({ steamId: other, max: 2 })).toEqual([april, march]);
  const everybody = await statuses.list({ max: 100 });
  expect(everybody).toContain(request.import_id);
  expect(everybody).not.toContain('not-an-import');
});

test('more imports than one answer of S3 lists are all found', async () => {
  const statuses = createImportStatusStore(aws.bucket);
  const person = steamIdOf('76561197960287999');
  const ids = Array.from({ length: 1005 }, (_, index) => `${person}-2026${String(index).padStart(4, '0')}x`);
  for (let start = 0; start < ids.length; start += 100)
    await Promise.all(ids.slice(start, start + 100).map((id) => aws.put(`status/${id}/request.json`, '{}')));
  expect(await statuses.list({ steamId: person, max: 2000 })).toHaveLength(1005);
});
