import { createEnrichmentState } from '@savepoint/adapters/s3/enrichment-state.ts';
import { collect } from '../../support/bytes.ts';
import { importIdOf } from '../../support/ids.ts';
import { type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';

let aws: PipelineAws;
beforeAll(async () => {
  aws = await startPipelineAws();
});
afterAll(() => aws.close());

const importId = importIdOf('76561197960287930-20261123T043000123Z');
const textOf = async (chunks: AsyncIterable<Uint8Array> | null) =>
  chunks && Buffer.concat(await collect(chunks)).toString();

test('a checkpoint is kept until it is dropped', async () => {
  const state = createEnrichmentState(aws.bucket);
  expect(await state.openCheckpoint(importId, 0)).toBeNull();
  await state.saveCheckpoint(importId, 0, '{"a":1}\n{"b":2}\n');
  expect(await textOf(await state.openCheckpoint(importId, 0))).toBe('{"a":1}\n{"b":2}\n');
  await state.saveCheckpoint(importId, 0, '');
  expect(await textOf(await state.openCheckpoint(importId, 0))).toBe('');
  await state.dropCheckpoint(importId, 0);
  await state.dropCheckpoint(importId, 0);
  expect(await state.openCheckpoint(importId, 0)).toBeNull();
});

test('the portions of a large library have a checkpoint each', async () => {
  const state = createEnrichmentState(aws.bucket);
  await state.saveCheckpoint(importId, 0, 'first');
  await state.saveCheckpoint(importId, 1, 'second');
  await state.dropCheckpoint(importId, 0);
  expect(await state.openCheckpoint(importId, 0)).toBeNull();
  expect(await textOf(await state.openCheckpoint(importId, 1))).toBe('second');
  await state.dropCheckpoint(importId, 1);
});

test('a checkpoint of two days ago counts no more', async () => {
  const state = createEnrichmentState(aws.bucket);
  await state.saveCheckpoint(importId, 0, 'x');
  aws.s3.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const output = answer.output as { LastModified?: Date };
      if (output.LastModified) output.LastModified = new Date(Date.now() - 48 * 3600 * 1000);
      return answer;
    },
    { step: 'initialize', name: 'age' },
  );
  expect(await state.openCheckpoint(importId, 0)).toBeNull();
  aws.s3.middlewareStack.remove('age');
  expect(await textOf(await state.openCheckpoint(importId, 0))).toBe('x');
});

test('overrides and the token are read as they were written', async () => {
  const state = createEnrichmentState(aws.bucket);
  expect([await state.openOverrides(), await state.igdbToken.read()]).toEqual([null, null]);
  await aws.put('overrides/apps.csv', 'appid\n');
  expect(await textOf(await state.openOverrides())).toBe('appid\n');
});
