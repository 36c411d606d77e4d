import type { ImportId } from '../contracts/import-id.ts';
import type { StageStatus, StoredStatus } from '../contracts/import-status.ts';
import { libraryKeyOf, printLibraryKey } from '../contracts/library-key.ts';
import {
  type LibraryKind,
  maxReceiveCount,
  type StageName,
  stages,
  visibilityTimeoutSeconds,
} from '../topology.ts';

/** An import that misses a stage. */
export type Gap = {
  import_id: ImportId;
  /** The stage that did not run. */
  stage: StageName;
  /** What that stage should have read; null for a request. */
  s3_key: string | null;
  /** Since when it lies there, ISO 8601. */
  since: string;
};
/** With the request, which is the message of the first stage. */
export type FoundGap = Gap & { request: StoredStatus['request'] };

/** When an import's files were written. */
export type Files = Partial<Record<LibraryKind, Date>>;

/** The first stage that should have run by now and did not: those behind it follow by themselves. */
export function gapOf(
  importId: ImportId,
  files: Files,
  stored: StoredStatus | null,
  now: Date,
): FoundGap | null {
  const { raw, enriched } = files;
  const { request = null, stages: statuses = {} } = stored ?? {};
  const keyOf = (kind: LibraryKind) => printLibraryKey(libraryKeyOf(kind, importId));
  const gap = (stage: StageName, s3_key: string | null, since: Date): FoundGap => ({
    import_id: importId,
    stage,
    s3_key,
    since: since.toISOString(),
    request,
  });
  const fetched = statuses['steam-import'];
  if (request && !raw && fetched?.status !== 'completed' && !isInHand(fetched, new Date(0), now))
    return gap('steam-import', null, new Date(request.requested_at));
  if (raw && !enriched && !isInHand(statuses['igdb-enrichment'], raw, now))
    return gap('igdb-enrichment', keyOf('raw'), raw);
  if (raw && enriched && enriched < raw && !isDone(statuses['igdb-enrichment'], raw, now))
    return gap('igdb-enrichment', keyOf('raw'), raw);
  if (enriched && !isDone(statuses['database-import'], enriched, now))
    return gap('database-import', keyOf('enriched'), enriched);
  return null;
}

const isDone = (status: StageStatus | undefined, writtenAt: Date, now: Date): boolean =>
  isInHand(status, writtenAt, now) ||
  (status?.status === 'completed' && new Date(status.attempt_started_at) >= writtenAt);

/** Whether the stage has a message for what was written then, or gave it up. */
function isInHand(status: StageStatus | undefined, writtenAt: Date, now: Date): boolean {
  if (status === undefined || status.status === 'completed') return false;
  if (status.status === 'failed') return new Date(status.attempt_started_at) >= writtenAt;
  const heldSince = Date.parse(status.next_attempt_at ?? status.attempt_started_at);
  // After so many deliveries SQS has moved the message itself; if it is not there either, it is lost.
  const heldSeconds = maxReceiveCount * visibilityTimeoutSeconds(stages[status.stage]);
  return now.getTime() < heldSince + heldSeconds * 1000;
}
