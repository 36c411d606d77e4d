import { setTimeout } from 'node:timers/promises';
import { createDroppedFiles } from '@savepoint/adapters/s3/dropped-files.ts';
import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import { createIndexedMark } from '@savepoint/adapters/s3/indexed-mark.ts';
import { findIndexKey, indexKey, placeOf } from '@savepoint/core/contracts/object-key.ts';
import { importCsv } from '@savepoint/core/operations/import-csv.ts';
import { type ListImportsOptions, listImports } from '@savepoint/core/operations/imports.ts';
import { indexImports } from '@savepoint/core/operations/index-imports.ts';
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
  // It looks for a request, for where the import stands, and for its file.
  expect(calls.filter((name) => name !== 'put')).toEqual(['replace', 'head', 'list', 'head', 'replace']);

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

describe('a dropped file', () => {
  const person = steamIdOf('76561197960287932');
  const dropped = importIdOf(`${person}-2019-05-01`);
  const names = ['raw/steam-library-', 'enriched/steam-library-'] as const;
  const listing = async () => {
    const statuses = createImportStatusStore(aws.bucket);
    const ports = { statuses, index: createImportIndex(aws.bucket), now: () => new Date() };
    const namesIn = async (options: Partial<ListImportsOptions>) => {
      const { imports } = await listImports({ max: 1000, ...options }, ports);
      return imports.map(({ import_id }) => import_id).filter((importId) => importId.startsWith(person));
    };
    const everybody = await namesIn({});
    expect(await namesIn({ steamId: person })).toEqual(everybody);
    return { everybody, namesIn };
  };
  const asked = async (minutes: number) => {
    const request = newImportRequest(person, new Date(Date.now() + minutes * 60_000));
    await createImportStatusStore(aws.bucket).createRequest(request);
    return request.import_id;
  };
  const indexed = async () => (await aws.keys('index/')).filter((key) => key.endsWith(dropped));
  /** Another instance each time, as after a while. */
  const report = (stage: StageStatus['stage'], startedAt: string, importId = dropped) =>
    createImportStatusStore(aws.bucket).report(importId, { ...record('running', startedAt), stage });

  test('stands where it was dropped, not where its name says, however often and late it is told', async () => {
    const [earlier, later] = [await asked(-10), await asked(10)];
    await aws.put(`${names[0]}${dropped}.csv`, 'appid\n220\n');
    await report('igdb-enrichment', '2030-01-01T00:00:00Z');
    const { everybody, namesIn } = await listing();
    expect(everybody).toEqual([later, dropped, earlier]);
    expect(await namesIn({ since: new Date(Date.now() - 300_000) })).toEqual([later, dropped]);
    expect(await namesIn({ steamId: person, since: new Date(Date.now() - 300_000) })).toEqual([
      later,
      dropped,
    ]);

    const before = await indexed();
    expect(before).toHaveLength(1);
    await setTimeout(1100);
    await report('igdb-enrichment', '2030-01-01T00:00:00Z');
    await aws.put(`${names[0]}${dropped}.csv`, 'appid\n220\n');
    await report('igdb-enrichment', '2030-01-02T00:00:00Z');
    await aws.put(`${names[1]}${dropped}-enriched.csv`, 'appid\n220\n');
    await report('database-import', '2030-01-02T00:00:01Z');
    expect(await indexed()).toEqual(before);
    expect((await listing()).everybody).toEqual([later, dropped, earlier]);
  });

  test('that the index lost is taken into it where it stood', async () => {
    const ports = {
      objects: aws.bucket,
      statuses: createImportStatusStore(aws.bucket),
      index: createImportIndex(aws.bucket),
      indexed: createIndexedMark(aws.bucket),
      now: () => new Date(),
    };
    await indexImports(ports);
    const before = await indexed();
    expect(before).toHaveLength(1);
    for (const key of before) await aws.bucket.delete(key);
    expect(await indexImports(ports)).toBe(1);
    expect(await indexed()).toEqual(before);
    // One that no stage ever met stands where its file says, then and when a stage meets it.
    const unmet = importIdOf(`${person}-2018-01-01`);
    await aws.put(`${names[0]}${unmet}.csv`, 'appid\n220\n');
    expect(await indexImports(ports)).toBe(1);
    const recently = { since: new Date(Date.now() - 300_000) };
    expect(await (await listing()).namesIn(recently)).toContain(dropped);
    const keys = await aws.keys('index/');
    const unmetAt = findIndexKey(keys.find((key) => key.endsWith(unmet)) ?? '')?.at ?? 0;
    expect(Date.now() - unmetAt).toBeLessThan(300_000);
    await report('igdb-enrichment', '2030-01-03T00:00:00Z', unmet);
    expect(await aws.keys('index/')).toEqual(keys);
  });

  test('that came through the API stands once, though a stage meets it before its request is stored', async () => {
    const statuses = createImportStatusStore(aws.bucket);
    const { createFile } = createDroppedFiles(aws.bucket);
    const { import_id } = await importCsv(person, new TextEncoder().encode('appid\n220\n'), {
      createFile,
      now: () => new Date(Date.now() - 3_600_000),
      statuses: {
        async createRequest(request) {
          await report('igdb-enrichment', '2030-01-04T00:00:00Z', request.import_id);
          return statuses.createRequest(request);
        },
      },
    });
    expect((await aws.keys('index/')).filter((key) => key.endsWith(import_id))).toEqual([
      indexKey(placeOf(import_id)),
    ]);
  });
});

test('more imports than one answer of S3 lists are all found', async () => {
  const statuses = createImportStatusStore(aws.bucket);
  const person = steamIdOf('76561197960287999');
  const ids = Array.from({ length: 1005 }, (_, index) => `${person}-2026${String(index).padStart(4, '0')}x`);
  for (let start = 0; start < ids.length; start += 100)
    await Promise.all(ids.slice(start, start + 100).map((id) => aws.put(`status/${id}/request.json`, '{}')));
  expect(await statuses.list({ steamId: person, max: 2000 })).toHaveLength(1005);
});
