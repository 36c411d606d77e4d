import fc from 'fast-check';
import { sqsRecord } from '../support/queue-events.ts';
import { createStage, keyOf, message } from '../support/stage-under-test.ts';
import { anyJson, type InputClass, nastyText } from './input-class.ts';

const record = (object: unknown, more: object = {}) => ({
  Records: [
    { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object }, ...more },
  ],
});

/** Between two good messages: those are done, whatever stands between them, and it is settled at once. */
async function check(body: unknown): Promise<void> {
  const stage = createStage();
  const settled = await stage.handle(message('before'), sqsRecord(body as string), message('behind'));
  const done = stage.jobsDone.flat();
  if (!settled[0] || !settled[2]) throw new Error('a neighbour comes again');
  for (const name of ['before', 'behind'])
    if (!done.includes(keyOf(name))) throw new Error(`${name} was not done`);
  if (!settled[1]) throw new Error('it comes again, and no attempt can help');
  const [letter] = stage.deadLetters;
  if (letter && !/^[A-Z_]+$/.test(letter.failure.error.code)) throw new Error('a dead letter says no cause');
}

export const queueMessages: InputClass = {
  name: 'SQS messages',
  named: [
    ['nothing', ''],
    ['no JSON', '{"Records":'],
    ['null', 'null'],
    ['a number', '17'],
    ['a list', '[]'],
    ['no records', { Records: [] }],
    ['records that are none', { Records: [null, 1, 'x', []] }],
    ['records that are no list', { Records: { length: 1 } }],
    ['a record without an object', record(undefined)],
    ['a key that is no text', record({ key: 5 })],
    ['a key with a broken code', record({ key: 'raw/%E0%A4%A' })],
    ['a key of another prefix', record({ key: 'enriched/holiday.csv' })],
    ['a key of a prototype', record({ key: '__proto__' })],
    ['a removal', record({ key: keyOf('gone') }, { eventName: 'ObjectRemoved:Delete' })],
    [
      'an envelope in an envelope',
      { Type: 'Notification', Message: JSON.stringify({ Type: 'Notification', Message: '{' }) },
    ],
    [
      'a thousand records',
      { Records: Array.from({ length: 1000 }, () => record({ key: 'raw/x.csv' }).Records[0]) },
    ],
    ['a deep nest', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['a prototype', '{"__proto__":{"Records":[]},"constructor":{"prototype":1}}'],
  ],
  generated: fc.oneof(
    anyJson.map((json) => JSON.stringify(json)),
    anyJson.map((json) => JSON.stringify({ Records: [json] })),
    anyJson.map((json) => JSON.stringify(record(json))),
    nastyText(['raw/steam-library-', '76561197960287930-', '.csv']).map((key) =>
      JSON.stringify(record({ key })),
    ),
    nastyText(['{', '"Records"', ':', '[', ']', '}']),
  ),
  check,
};
