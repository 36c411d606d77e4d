import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import * as v from 'valibot';
import { createJsonObjects } from '@savepoint/adapters/s3/json-object.ts';
import { failureOf } from '../../support/failure.ts';
import { type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';

let aws: PipelineAws;
beforeAll(async () => {
  aws = await startPipelineAws();
});
afterAll(() => aws.close());

const Tally = v.object({ counted: v.array(v.number()) });

test('twenty writers at once lose nothing', async () => {
  const objects = createJsonObjects(aws.bucket);
  const add = (number: number) =>
    objects.update('state/tally.json', Tally, (current) => ({
      counted: [...(current?.counted ?? []), number],
    }));
  await Promise.all(Array.from({ length: 20 }, (_, number) => add(number)));
  const tally = await objects.read('state/tally.json', Tally);
  expect(tally?.counted.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, number) => number));
});

test('of several who create one object, one does', async () => {
  const objects = createJsonObjects(aws.bucket);
  const created = await Promise.all(
    Array.from({ length: 10 }, (_, by) => objects.create('state/once.json', { by })),
  );
  expect(created.filter(Boolean)).toHaveLength(1);
  expect(await objects.read('state/once.json', v.object({ by: v.number() }))).toEqual({
    by: created.indexOf(true),
  });
});

test.each(['', 'no JSON', '{"counted":"x"}', 'null'])(
  '%j in an object is as if there were none',
  async (text) => {
    const objects = createJsonObjects(aws.bucket);
    await aws.put('state/odd.json', text);
    expect(await objects.read('state/odd.json', Tally)).toBeNull();
    await objects.update('state/odd.json', Tally, (current) => current ?? { counted: [1] });
    expect(await objects.read('state/odd.json', Tally)).toEqual({ counted: [1] });
  },
);

test('there is nothing where nothing was written, and a storage that fails says so', async () => {
  expect(await createJsonObjects(aws.bucket).read('state/none.json', Tally)).toBeNull();
  const broken = createJsonObjects(createBucket(aws.s3, 'no-such-bucket'));
  for (const work of [
    () => broken.read('k', Tally),
    () => broken.write('k', {}),
    () => broken.create('k', {}),
    () => broken.update('k', Tally, () => ({ counted: [] })),
  ])
    expect(await failureOf(work)).toMatchObject({ code: 'STORAGE_UNAVAILABLE', retryable: true });
});

test('an object that is larger than any of ours is refused with what to do', async () => {
  const objects = createJsonObjects(aws.bucket);
  await aws.put('state/huge.json', JSON.stringify({ counted: [], filler: 'x'.repeat(1024 * 1024) }));
  for (const work of [
    () => objects.read('state/huge.json', Tally),
    () => objects.update('state/huge.json', Tally, () => ({ counted: [] })),
  ])
    expect(await failureOf(work)).toMatchObject({
      code: 'OBJECT_TOO_LARGE',
      retryable: false,
      message: expect.stringContaining('state/huge.json'),
    });
});
