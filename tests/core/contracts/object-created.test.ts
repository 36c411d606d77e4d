import { parseObjectCreated, splitNotification } from '@savepoint/core/contracts/object-created.ts';
import { failureOf } from '../../support/failure.ts';
import { objectCreated } from '../../support/queue-events.ts';

const record = (key: string, eventName = 'ObjectCreated:Put') => ({
  eventSource: 'aws:s3',
  eventName,
  s3: { bucket: { name: 'b' }, object: { key, sequencer: '01' } },
});
const fromSns = (message: unknown) => ({ Type: 'Notification', Message: JSON.stringify(message) });
const fromEventBridge = (key: string, detailType = 'Object Created') => ({
  version: '0',
  source: 'aws.s3',
  'detail-type': detailType,
  detail: {
    version: '0',
    bucket: { name: 'b' },
    object: { key, size: 5, sequencer: '01' },
    reason: 'PutObject',
  },
});
const objectsIn = (body: unknown) => splitNotification(body).map(parseObjectCreated);

test.each([
  ['raw/a+b.csv', 'raw/a b.csv'],
  ['raw/a%2Bb.csv', 'raw/a+b.csv'],
  ['raw/a%20b.csv', 'raw/a b.csv'],
  ['raw/%E6%BC%A2%F0%9F%8E%AE.csv', 'raw/漢🎮.csv'],
  ['raw/100%2525.csv', 'raw/100%25.csv'],
  ['raw/T10%3A15%3A20Z.csv', 'raw/T10:15:20Z.csv'],
])('S3 writes %s for the key %s', (encoded, key) => {
  expect(
    objectsIn({ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: encoded } } }] }),
  ).toEqual([{ key, sequencer: undefined }]);
});

test('every created object of a notification is told, and no removed one', () => {
  const names = ['ObjectCreated:Put', 'ObjectRemoved:Delete', 's3:ObjectCreated:Copy', 'ObjectRestore:Post'];
  const Records = names.map((name, index) => record(`raw/${index}.csv`, name));
  expect(objectsIn({ Records })).toEqual([
    { key: 'raw/0.csv', sequencer: '01' },
    null,
    { key: 'raw/2.csv', sequencer: '01' },
    null,
  ]);
  expect(objectsIn(objectCreated('raw/x.csv'))).toEqual([
    { key: 'raw/x.csv', sequencer: expect.any(String) },
  ]);
});

test.each([
  ['an SNS envelope', fromSns({ Records: [record('raw/a+b.csv'), record('raw/c.csv')] })],
  ['an envelope in an envelope', fromSns(fromSns({ Records: [record('raw/a+b.csv'), record('raw/c.csv')] }))],
])('%s is opened', (_what, body) => {
  expect(objectsIn(body)).toEqual([
    { key: 'raw/a b.csv', sequencer: '01' },
    { key: 'raw/c.csv', sequencer: '01' },
  ]);
});

test.each([
  ['a record by itself', record('raw/a+b.csv'), 'raw/a b.csv'],
  ["EventBridge's event, whose key is not encoded", fromEventBridge('raw/a+b.csv'), 'raw/a+b.csv'],
  ['the same from SNS', fromSns(fromEventBridge('raw/a+b.csv')), 'raw/a+b.csv'],
])('%s is understood', (_what, body, key) => {
  expect(objectsIn(body)).toEqual([{ key, sequencer: '01' }]);
});

test("EventBridge's other events announce nothing", () => {
  expect(objectsIn(fromEventBridge('raw/a.csv', 'Object Deleted'))).toEqual([null]);
});

test('a part of a notification is a notification of its own', () => {
  const parts = splitNotification({ Records: [record('raw/a.csv'), {}, record('raw/b.csv')] });
  expect(parts).toEqual([
    { Records: [record('raw/a.csv')] },
    { Records: [{}] },
    { Records: [record('raw/b.csv')] },
  ]);
  for (const part of parts) expect(splitNotification(part)).toEqual([part]);
});

test("S3's test event announces nothing", () => {
  const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' };
  expect(objectsIn(testEvent)).toEqual([]);
  expect(objectsIn(fromSns(testEvent))).toEqual([]);
});

test.each([
  [null],
  ['text'],
  [[]],
  [{}],
  [{ Records: 'x' }],
  [{ Records: [{}] }],
  [{ Event: 's3:OtherEvent' }],
  [{ Type: 'Notification', Message: 'hello' }],
  [{ Type: 'SubscriptionConfirmation', Message: '{}' }],
  [{ source: 'aws.ec2', 'detail-type': 'Object Created', detail: { object: { key: 'raw/a.csv' } } }],
  [{ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 5 } } }] }],
  [{ Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key: 'raw/%E0%A4.csv' } } }] }],
])('%j is no notification', async (body) => {
  expect(await failureOf(() => objectsIn(body))).toMatchObject({
    code: 'MESSAGE_INVALID',
    retryable: false,
  });
});
