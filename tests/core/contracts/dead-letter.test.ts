import { importIdOf } from '../../support/ids.ts';
import {
  type Failure,
  failureAttributes,
  importIdOfBody,
  readDeadLetter,
  readFailure,
} from '@savepoint/core/contracts/dead-letter.ts';
import { maxReceiveCount } from '@savepoint/core/topology.ts';
import { importRequest, objectCreated } from '../../support/queue-events.ts';

const importId = importIdOf('76561197960287930-20261123T043000123Z');
const failure: Failure = {
  importId,
  attempts: 3,
  firstFailedAt: '2026-11-23T04:30:00.000Z',
  lastFailedAt: '2026-11-23T04:31:00.000Z',
  error: { code: 'STEAM_UNAVAILABLE', message: 'Steam is not answering properly.', retryable: true },
  rounds: 2,
};
const message = { messageId: 'm1', body: '{}', sentAt: new Date('2026-11-23T05:00:00Z'), movedBySqs: false };

test('a failure is read from the attributes that tell of it', () => {
  for (const told of [failure, { ...failure, importId: null }])
    expect(readFailure(failureAttributes('steam-import', told))).toEqual(told);
  // SQS takes ten attributes at most.
  expect(Object.keys(failureAttributes('steam-import', failure)).length).toBeLessThanOrEqual(10);
});

test.each([
  [{}],
  [{ attempts: 'x' }],
  [{ ...failureAttributes('steam-import', failure), first_failed_at: 'today' }],
])('attributes of something else tell of no failure', (attributes) =>
  expect(readFailure(attributes as Record<string, string>)).toBeNull(),
);

test.each([
  ['IGDB_UNAVAILABLE', true],
  ['CSV_HEADER_INVALID', false],
])('a letter of an earlier version tells by its code whether it can pass: %s', (code, retryable) => {
  const { retryable: _retryable, rounds: _rounds, ...older } = failureAttributes('steam-import', failure);
  expect(readFailure({ ...older, error_code: code })).toMatchObject({
    error: { code, retryable },
    rounds: 0,
  });
});

test('a dead letter says what the contract promises', () => {
  expect(
    readDeadLetter('steam-import', { ...message, attributes: failureAttributes('steam-import', failure) }),
  ).toEqual({
    message_id: 'm1',
    import_id: importId,
    stage: 'steam-import',
    attempts: 3,
    first_failed_at: '2026-11-23T04:30:00.000Z',
    last_failed_at: '2026-11-23T04:31:00.000Z',
    error: failure.error,
    body: '{}',
  });
});

test('a message that SQS moved by itself was abandoned, also when it had failed and been redriven before', () => {
  const body = JSON.stringify(objectCreated(`raw/steam-library-${importId}.csv`));
  const first = readDeadLetter('igdb-enrichment', { ...message, body, attributes: {}, movedBySqs: true });
  expect(first).toMatchObject({
    import_id: importId,
    attempts: maxReceiveCount,
    first_failed_at: '2026-11-23T05:00:00.000Z',
    error: { code: 'STAGE_ABANDONED' },
  });
  const attributes = failureAttributes('igdb-enrichment', failure);
  expect(readDeadLetter('igdb-enrichment', { ...message, body, attributes, movedBySqs: true })).toMatchObject(
    {
      import_id: importId,
      attempts: 3 + maxReceiveCount,
      first_failed_at: failure.firstFailedAt,
      last_failed_at: '2026-11-23T05:00:00.000Z',
      error: { code: 'STAGE_ABANDONED' },
    },
  );
});

test('the import of a message is told from its body, if it can be told', () => {
  const request = importRequest();
  expect(importIdOfBody('steam-import', JSON.stringify(request))).toBe(request.import_id);
  expect(
    importIdOfBody(
      'database-import',
      JSON.stringify(objectCreated(`enriched/steam-library-${importId}-enriched.csv`)),
    ),
  ).toBe(importId);
  for (const body of [
    '',
    'no JSON',
    '{}',
    '[]',
    '{"Event":"s3:TestEvent"}',
    JSON.stringify(objectCreated('raw/x.csv')),
  ])
    for (const stage of ['steam-import', 'igdb-enrichment', 'database-import'] as const)
      expect(importIdOfBody(stage, body)).toBeNull();
});
