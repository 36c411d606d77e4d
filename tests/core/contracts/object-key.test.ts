import { parseObjectCreated } from '@savepoint/core/contracts/object-created.ts';
import {
  checkpointKey,
  enrichedKey,
  importIdOfKey,
  rawKey,
  rejectsKey,
  statusKey,
} from '@savepoint/core/contracts/object-key.ts';
import { failureOf } from '../../support/failure.ts';
import { objectCreated } from '../../support/queue-events.ts';

const importId = '76561197960287930-20261123T043000123Z';

test('each object of an import lies where the contract says', () => {
  expect(rawKey(importId)).toBe(`raw/steam-library-${importId}.csv`);
  expect(enrichedKey(importId)).toBe(`enriched/steam-library-${importId}-enriched.csv`);
  expect(rejectsKey(rawKey(importId))).toBe(`rejects/steam-library-${importId}.csv`);
  expect(rejectsKey(enrichedKey(importId))).toBe(`rejects/steam-library-${importId}-enriched.csv`);
  expect(rejectsKey('overrides/apps.csv')).toBe('rejects/apps.csv');
  expect(statusKey(importId, 'request')).toBe(`status/${importId}/request.json`);
  expect(checkpointKey(importId)).toBe(`state/checkpoints/${importId}.jsonl`);
});

test.each([
  importId,
  '76561197960287930-2025-01-31',
  '76561197960287930-2025-01-31T10:15:20Z',
  '76561197960287930-enriched',
])('the keys of %s lead back to it', (id) => {
  expect(importIdOfKey('raw', rawKey(id))).toBe(id);
  expect(importIdOfKey('enriched', enrichedKey(id))).toBe(id);
});

test.each([
  ['raw', 'raw/library.csv'],
  ['raw', 'raw/steam-library-gabe-2025-01-31.csv'],
  ['raw', 'raw/steam-library-103582791429521412-20250131.csv'],
  ['raw', 'raw/steam-library-76561197960287930.csv'],
  ['raw', 'raw/old/steam-library-76561197960287930-20250131.csv'],
  ['raw', 'raw/steam-library-76561197960287930-2025/01/31.csv'],
  ['raw', 'enriched/steam-library-76561197960287930-20250131-enriched.csv'],
  ['enriched', 'enriched/steam-library-76561197960287930-20250131.csv'],
  ['enriched', 'raw/steam-library-76561197960287930-20250131.csv'],
] as const)('in %s, %s names no library', async (kind, key) => {
  expect(await failureOf(() => importIdOfKey(kind, key))).toMatchObject({
    code: 'KEY_INVALID',
    retryable: false,
    message: expect.stringContaining(`${kind}/steam-library-<SteamID64>-<timestamp>`),
  });
});

test.each([
  ['raw/a+b.csv', 'raw/a b.csv'],
  ['raw/a%2Bb.csv', 'raw/a+b.csv'],
  ['raw/a%20b.csv', 'raw/a b.csv'],
  ['raw/%E6%BC%A2%F0%9F%8E%AE.csv', 'raw/漢🎮.csv'],
  ['raw/100%2525.csv', 'raw/100%25.csv'],
  ['raw/T10%3A15%3A20Z.csv', 'raw/T10:15:20Z.csv'],
])('S3 writes %s for the key %s', (encoded, key) => {
  expect(
    parseObjectCreated({ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: encoded } } }] }),
  ).toEqual([{ key, sequencer: undefined }]);
});

test('every created object of a notification is told, and no removed one', () => {
  const records = [
    'ObjectCreated:Put',
    'ObjectRemoved:Delete',
    's3:ObjectCreated:CompleteMultipartUpload',
    'ObjectRestore:Post',
  ].map((eventName, index) => ({
    eventName,
    s3: { object: { key: `raw/${index}.csv`, sequencer: `00${index}` } },
  }));
  expect(parseObjectCreated({ Records: records })).toEqual([
    { key: 'raw/0.csv', sequencer: '000' },
    { key: 'raw/2.csv', sequencer: '002' },
  ]);
  expect(parseObjectCreated(objectCreated('raw/x.csv'))).toEqual([
    { key: 'raw/x.csv', sequencer: expect.any(String) },
  ]);
});

test("S3's test event announces nothing", () => {
  expect(parseObjectCreated({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' })).toEqual([]);
});

test.each([
  [null],
  ['text'],
  [[]],
  [{}],
  [{ Records: 'x' }],
  [{ Records: [{}] }],
  [{ Event: 's3:OtherEvent' }],
  [{ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 5 } } }] }],
  [{ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 'raw/%E0%A4.csv' } } }] }],
])('%j is no notification', async (body) => {
  expect(await failureOf(() => parseObjectCreated(body))).toMatchObject({
    code: 'MESSAGE_INVALID',
    retryable: false,
  });
});
