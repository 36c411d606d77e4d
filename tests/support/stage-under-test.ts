import type { SQSBatchResponse } from 'aws-lambda';
import type { StageStatus } from '@savepoint/core/contracts/import-status.ts';
import { SteamApiError, ValidationError } from '@savepoint/core/errors.ts';
import { stages } from '@savepoint/core/topology.ts';
import { printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { type LibraryJob, libraryJobsOf } from '@savepoint/functions/runtime/library-job.ts';
import { createStageHandler } from '@savepoint/functions/runtime/stage-handler.ts';
import type { Invocation } from '@savepoint/functions/runtime/stage-work.ts';
import { successfulMessageIds } from '@savepoint/local/lambda-invocation.ts';
import { type MessageOptions, objectCreated, sqsEvent, sqsRecord } from './queue-events.ts';
import { createTestRuntime } from './stage-runtime.ts';

export const importId = (name: string) => `76561197960287930-${name}`;
export const keyOf = (name: string) => `raw/steam-library-${importId(name)}.csv`;
export const message = (name: string, options?: MessageOptions) =>
  sqsRecord(objectCreated(keyOf(name)), options);

export const down = new SteamApiError('STEAM_UNAVAILABLE', 'Steam is down.', {
  retryable: true,
  retryAfterSeconds: 77,
});
export const broken = new ValidationError('CSV_NOT_UTF8', 'The file is not UTF-8.');

/** A stage whose work ends, for each import, as `failures` says: by default well. */
export function createStage(
  failures: Record<string, unknown> = {},
  work: (jobs: LibraryJob[], invocation: Invocation) => unknown = () => undefined,
  afterwards: (reported: readonly StageStatus[]) => void = () => undefined,
) {
  const surroundings = createTestRuntime();
  const jobsDone: string[][] = [];
  const handler = createStageHandler<LibraryJob>(
    {
      stage: stages['igdb-enrichment'],
      ...libraryJobsOf('raw'),
      async work(jobs, invocation) {
        jobsDone.push(jobs.map(({ key }) => printLibraryKey(key)));
        await work(jobs, invocation);
        return Promise.allSettled(
          jobs.map(async ({ key }) => {
            const failure = Object.entries(failures).find(
              ([name]) => printLibraryKey(key) === keyOf(name),
            )?.[1];
            if (failure !== undefined) throw failure;
            return { s3_key: 'enriched/x.csv', processed: 3 };
          }),
        );
      },
      afterwards: async () => afterwards(surroundings.reported),
    },
    surroundings.runtime,
  );
  /** Handles the batch; says which messages SQS would delete, by position. */
  const handle = async (...records: ReturnType<typeof message>[]) => {
    const answer = (await handler(sqsEvent(...records))) as SQSBatchResponse;
    const deleted = successfulMessageIds(
      records.map(({ messageId }) => ({ MessageId: messageId })),
      answer,
    );
    return records.map(({ messageId }) => deleted.has(messageId));
  };
  return { ...surroundings, handler, handle, jobsDone };
}
