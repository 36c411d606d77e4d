import { parseObjectCreated } from '@savepoint/core/contracts/object-created.ts';
import { importIdOfKey } from '@savepoint/core/contracts/object-key.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import * as v from 'valibot';
import type { Job } from './stage-work.ts';

/** Work on a library file in the bucket. */
export type LibraryJob = Job & { s3Key: string };

/** The files that an S3 notification announces. @throws ValidationError MESSAGE_INVALID, KEY_INVALID */
export const libraryJobsOfMessage = (kind: 'raw' | 'enriched', body: unknown): LibraryJob[] =>
  parseObjectCreated(body).map(({ key, sequencer }) => ({
    importId: importIdOfKey(kind, key),
    run: sequencer ?? 'event',
    s3Key: key,
  }));

const Payload = v.object({ s3_key: v.string() });

/** @throws ValidationError PAYLOAD_INVALID, KEY_INVALID */
export function libraryJobOfPayload(kind: 'raw' | 'enriched', payload: unknown): LibraryJob {
  const parsed = v.safeParse(Payload, payload);
  if (!parsed.success)
    throw new ValidationError(
      'PAYLOAD_INVALID',
      `The payload must be an SQS event or {"s3_key": "${kind}/steam-library-….csv"}.`,
    );
  const s3Key = parsed.output.s3_key;
  return { importId: importIdOfKey(kind, s3Key), run: directRun(), s3Key };
}

/** Names a run that nobody queued. */
export const directRun = (): string => `direct-${new Date().toISOString()}`;
