import { successfulMessageIds } from '@savepoint/local/lambda-invocation.ts';

const messages = ['a', 'b', 'c'].map((MessageId) => ({ MessageId }));
const failures = (...identifiers: unknown[]) => ({
  batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })),
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty object', {}],
  ['another object', { statusCode: 200 }],
  ['no list of failures', { batchItemFailures: null }],
  ['an empty list of failures', { batchItemFailures: [] }],
])('everything is deleted after %s', (_, answer) => {
  expect([...successfulMessageIds(messages, answer)]).toEqual(['a', 'b', 'c']);
});

test('all but the listed ones are deleted', () => {
  expect([...successfulMessageIds(messages, failures('b'))]).toEqual(['a', 'c']);
  expect([...successfulMessageIds(messages, failures('a', 'b', 'c', 'a'))]).toEqual([]);
});

test.each([
  ['an unknown identifier', failures('unknown')],
  ['an unknown identifier beside a known one', failures('a', 'unknown')],
  ['an empty identifier', failures('')],
  ['a null identifier', failures(null)],
  ['a wrong key name', { batchItemFailures: [{ messageId: 'a' }] }],
  ['failures that are no list', { batchItemFailures: 'a' }],
  ['a text', 'ok'],
  ['a number', 0],
  ['a list', []],
  ['what has no JSON form', { size: 1n }],
])('nothing is deleted after %s', (_, answer) => {
  expect(() => successfulMessageIds(messages, answer)).toThrow();
});
