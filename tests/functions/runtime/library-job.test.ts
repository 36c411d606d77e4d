import { libraryJobsOf } from '@savepoint/functions/runtime/library-job.ts';
import { failureOf } from '../../support/failure.ts';
import { objectCreated } from '../../support/queue-events.ts';

const enriched = libraryJobsOf('enriched');

test.each([
  'raw/steam-library-76561197960287930-20261123T043000123Z.csv',
  'enriched/steam-library-me-1-enriched.csv',
])('what names no file of the kind that a stage reads is refused: %s', async (key) => {
  const refusal = { code: 'KEY_INVALID', retryable: false };
  const [event] = enriched.splitMessage(objectCreated(key));
  expect(await failureOf(() => enriched.jobOfMessage(event))).toMatchObject(refusal);
  expect(await failureOf(() => enriched.jobOfPayload({ s3_key: key }))).toMatchObject(refusal);
});
