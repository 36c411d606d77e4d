import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createLibraryFiles } from '@savepoint/adapters/s3/library-files.ts';
import { withHeldLibrary } from '@savepoint/adapters/s3/held-library.ts';
import { parseLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { failureOf } from '../../support/failure.ts';
import { type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';

let aws: PipelineAws;
beforeAll(async () => {
  aws = await startPipelineAws();
});
afterAll(() => aws.close());

const name = 'enriched/steam-library-76561197960287930-20261123T043000123Z-enriched.csv';
const key = parseLibraryKey(name);

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

test('a held library is read again and again, though it is gone from the storage', async () => {
  const text = `appid\n${'440\n'.repeat(100_000)}`;
  await aws.put(name, text);
  const before = await readdir(tmpdir());
  const read = await withHeldLibrary(createLibraryFiles(aws.bucket), key, async (held) => {
    await aws.bucket.delete(name);
    const first = await textOf(await held.openLibrary(key));
    for await (const _begun of await held.openLibrary(key)) break;
    return [first, await textOf(await held.openLibrary(key))];
  });
  expect(read).toEqual([text, text]);
  const left = (await readdir(tmpdir())).filter((file) => /^savepoint-[0-9a-f-]{36}$/.test(file));
  expect(left.filter((file) => !before.includes(file))).toEqual([]);
});

test('what cannot be read fails before the work begins', async () => {
  let begun = 0;
  const holding = withHeldLibrary(createLibraryFiles(aws.bucket), key, async () => (begun += 1));
  expect(await failureOf(() => holding)).toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  await aws.put(name, 'appid\n440\n');
  const tooLarge = withHeldLibrary(createLibraryFiles(aws.bucket, 5), key, async () => (begun += 1));
  expect(await failureOf(() => tooLarge)).toMatchObject({ code: 'FILE_TOO_LARGE' });
  expect(begun).toBe(0);
});
