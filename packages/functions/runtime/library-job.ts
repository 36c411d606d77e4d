import { type LibraryKey, parseLibraryKey, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { parseObjectCreated, splitNotification } from '@savepoint/core/contracts/object-created.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import { type LibraryKind, prefixes } from '@savepoint/core/topology.ts';
import * as v from 'valibot';
import { directRun } from './direct-run.ts';
import type { Job } from './stage-work.ts';

/** Work on a library file in the bucket. */
export type LibraryJob = Job & { key: LibraryKey };

/** How a stage that reads files of one kind learns which. */
export const libraryJobsOf = (kind: LibraryKind) => ({
  splitMessage: splitNotification,
  /** The file that an event announces. @throws ValidationError MESSAGE_INVALID, KEY_INVALID */
  jobOfMessage(event: unknown): LibraryJob | null {
    const object = parseObjectCreated(event);
    return object && jobOf(kind, object.key, object.sequencer ?? 'event');
  },
  /** @throws ValidationError PAYLOAD_INVALID, KEY_INVALID */
  jobOfPayload(payload: unknown): LibraryJob {
    const parsed = v.safeParse(Payload, payload);
    if (parsed.success) return jobOf(kind, parsed.output.s3_key, directRun());
    throw new ValidationError(
      'PAYLOAD_INVALID',
      `The payload must be an SQS event or {"s3_key": "${prefixes[kind]}steam-library-….csv"}.`,
    );
  },
});

const Payload = v.object({ s3_key: v.string() });

function jobOf(kind: LibraryKind, text: string, run: string): LibraryJob {
  const key = parseLibraryKey(text);
  if (key.kind === kind) return { importId: key.importId, run, key };
  throw new ValidationError(
    'KEY_INVALID',
    `This stage reads files below ${prefixes[kind]}; “${printLibraryKey(key)}” is not one.`,
  );
}
