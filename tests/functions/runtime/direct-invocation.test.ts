import { failureOf } from '../../support/failure.ts';

import { createStage, down, importId, keyOf } from '../../support/stage-under-test.ts';

test('an event without messages is nothing to do', async () => {
  const stage = createStage();
  expect(await stage.handler({ Records: [] })).toEqual({ batchItemFailures: [] });
  expect(stage.jobsDone).toEqual([]);
});

test('the plain payload is answered, and its status told', async () => {
  const stage = createStage();
  expect(await stage.handler({ s3_key: keyOf('a') })).toEqual({ s3_key: 'enriched/x.csv', processed: 3 });
  expect(stage.statuses.get(importId('a'))?.status).toBe('completed');
});

test('a plain payload that fails is told to whoever asked, and goes into no queue', async () => {
  const stage = createStage({ a: down });
  for (const recordsFail of [false, true]) {
    stage.failing.statuses = recordsFail;
    expect(await failureOf(() => stage.handler({ s3_key: keyOf('a') }))).toBe(down);
  }
  expect(stage.statuses.get(importId('a'))?.status).toBe('failed');
  expect([stage.retried, stage.deadLetters]).toEqual([[], []]);
});

test.each([[null], ['text'], [{}], [{ s3_key: 5 }], [{ Records: [{ eventSource: 'aws:s3' }] }]])(
  '%j is neither an event of SQS nor a payload',
  async (payload) => {
    expect((await failureOf(() => createStage().handler(payload))).code).toBe('PAYLOAD_INVALID');
  },
);

test('a plain payload whose key names nobody is refused', async () => {
  expect((await failureOf(() => createStage().handler({ s3_key: 'raw/x.csv' }))).code).toBe('KEY_INVALID');
});

test('the work sees how much time its invocation has left', async () => {
  const seen: number[] = [];
  const stage = createStage({}, (_jobs, { remainingSeconds }) => seen.push(remainingSeconds()));
  await stage.handler({ s3_key: keyOf('a') });
  await stage.handler({ s3_key: keyOf('a') }, { getRemainingTimeInMillis: () => 12_500 } as never);
  expect(seen).toEqual([300, 12.5]);
});
