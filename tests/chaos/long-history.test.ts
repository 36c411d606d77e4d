import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import { createIndexedMark } from '@savepoint/adapters/s3/indexed-mark.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { indexKey, openKey, placeOf } from '@savepoint/core/contracts/object-key.ts';
import { listImports } from '@savepoint/core/operations/imports.ts';
import { indexImports } from '@savepoint/core/operations/index-imports.ts';
import { reconcile } from '@savepoint/core/operations/reconcile.ts';
import { newImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { prefixes } from '@savepoint/core/topology.ts';
import { steamIdOf } from '../support/ids.ts';
import { bucket, deployment, type PipelineAws, startPipelineAws } from '../support/pipeline-aws.ts';

/** What was imported long ago costs nothing today. */

let aws: PipelineAws;
/** Of S3, since it was emptied last. */
const commands: string[] = [];
beforeAll(async () => {
  aws = await startPipelineAws();
  aws.s3.middlewareStack.add(
    (next, context) => (args) => {
      commands.push(String(context.commandName).replace('Command', ''));
      return next(args);
    },
    { step: 'initialize' },
  );
});
afterAll(() => aws.close());

const newest = Date.parse('2026-11-23T04:30:00Z');
/** The newest first, each of another person. */
const requestOf = (index: number) =>
  newImportRequest(steamIdOf(String(76561197960300000n + BigInt(index))), new Date(newest - index * 60_000));
const ports = () => ({
  bucketName: bucket,
  objects: aws.bucket,
  statuses: createImportStatusStore(aws.bucket),
  index: createImportIndex(aws.bucket),
  indexed: createIndexedMark(aws.bucket),
  queues: createStageQueues(aws.sqs, deployment),
  deadLetters: createDeadLetters(aws.sqs, deployment),
  now: () => new Date(Date.now() + 3_600_000),
});
async function inTurn(from: number, to: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = from;
  const worker = async () => {
    while (next < to) await work(next++);
  };
  await Promise.all(Array.from({ length: 50 }, worker));
}
const count = async (work: () => Promise<unknown>) => {
  commands.length = 0;
  await work();
  return Object.fromEntries(
    [...Map.groupBy(commands, (name) => name)].map(([name, all]) => [name, all.length]),
  );
};

test('a page of imports and the hourly run ask S3 as often with 20,000 imports as with 100', async () => {
  const options = { olderThanSeconds: 900, dryRun: true };
  const costs = async () => ({
    page: await count(() => listImports({ max: 20 }, ports())),
    reconcile: await count(() => reconcile(ports(), options)),
  });
  const statuses = createImportStatusStore(aws.bucket);
  await inTurn(0, 100, (index) => statuses.createRequest(requestOf(index)));
  // All but two came to their end.
  await inTurn(2, 100, (index) => aws.bucket.delete(openKey(requestOf(index).import_id)));
  const few = await costs();
  expect(few).toEqual({
    page: { ListObjectsV2: 1, GetObject: 21 * 4 },
    reconcile: { ListObjectsV2: 1 + 2 * 2, GetObject: 2 * 4 },
  });
  await inTurn(100, 20_000, (index) => aws.put(indexKey(placeOf(requestOf(index).import_id)), ''));
  expect(await costs()).toEqual(few);
  const { imports } = await listImports({ max: 3 }, ports());
  expect(imports.map(({ import_id }) => import_id)).toEqual(
    [0, 1, 2].map((index) => requestOf(index).import_id),
  );
}, 180_000);

test('what was imported before the index came is taken into it, once', async () => {
  const all = await aws.keys(prefixes.index);
  for (const key of all.slice(0, 50)) await aws.bucket.delete(key);
  const dropped = 'raw/steam-library-76561197960287930-2025-01-31.csv';
  await aws.put(dropped, 'appid\n220\n');
  expect(await indexImports(ports())).toBe(51);
  expect(await indexImports(ports())).toBe(0);
  expect(await ports().indexed.isDone()).toBe(true);
  const found = await reconcile(ports(), { olderThanSeconds: 0, dryRun: true, all: true });
  // Its message waits in the queue already.
  expect(found.postponed.map(({ s3_key }) => s3_key)).toContain(dropped);
});
