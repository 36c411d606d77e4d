import { createLibraryFiles } from '@savepoint/adapters/s3/library-files.ts';
import { createOverridesFile } from '@savepoint/adapters/s3/overrides-file.ts';
import { overridesKey } from '@savepoint/core/contracts/object-key.ts';
import { readOverrides } from '@savepoint/core/contracts/overrides.ts';
import { removeOverride, setOverride } from '@savepoint/core/operations/edit-overrides.ts';
import { chunksOf } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';
import { type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';

let aws: PipelineAws;
beforeAll(async () => {
  aws = await startPipelineAws();
});
afterAll(() => aws.close());

/** The bytes of a Windows-1252 file, which no text can hold. */
const windows1252 = Buffer.from('appid,igdb_id,classification,note\n620,3,,\u00dcbel\n', 'latin1');

test('what is not UTF-8 is refused as enrichment refuses it, and stays as it was to the last byte', async () => {
  const file = createOverridesFile(aws.bucket);
  await aws.put(overridesKey, windows1252);
  const refused = {
    code: 'CSV_NOT_UTF8',
    retryable: false,
    message: expect.stringContaining('Windows-1252'),
  };
  for (const work of [
    () => file.update((text) => setOverride(text, 730, { igdb_id: '5' })),
    () => file.update((text) => removeOverride(text ?? '', 620)),
    async () => readOverrides(chunksOf((await file.read())!)),
  ])
    expect(await failureOf(work)).toMatchObject(refused);
  expect(Buffer.compare(Buffer.from((await file.read())!), windows1252)).toBe(0);
});

test('a byte order mark and every other character stay', async () => {
  const file = createOverridesFile(aws.bucket);
  const text = '\ufeffappid;igdb_id;note\r\n620;3;Übel\r\n';
  await aws.put(overridesKey, Buffer.from(text));
  await file.update((current) => setOverride(current, 730, { igdb_id: '5' }));
  expect(Buffer.from((await file.read())!).toString()).toBe(`${text}730;5;\r\n`);
});

test('rejects go, and where there are none nothing happens', async () => {
  const files = createLibraryFiles(aws.bucket);
  await files.putRejects('rejects/some.csv', 'line,reason,record\n');
  for (let round = 0; round < 2; round++) {
    await files.dropRejects('rejects/some.csv');
    expect(await aws.exists('rejects/some.csv')).toBe(false);
  }
});
