import { parseObjectCreated } from '@savepoint/core/contracts/object-created.ts';
import { failureOf } from '../../support/failure.ts';
import { objectCreated } from '../../support/queue-events.ts';

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
