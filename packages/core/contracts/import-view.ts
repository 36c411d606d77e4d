import { type LibraryKind, maxReceiveCount, type StageName, stageNames, stages } from '../topology.ts';
import type { LoadSummary } from '../stages/database-import.ts';
import type { ColumnsReport } from './columns-report.ts';
import { type ImportId, parseImportId } from './import-id.ts';
import type { EndedAttempt, StageError, StageStatus, StoredStatus, Warning } from './import-status.ts';
import { libraryKeyOf, printLibraryKey } from './library-key.ts';
import { rejectsKey } from './object-key.ts';

/** An import as people and programs are shown it: one status, made of what its stages stored. */

export type StageView = {
  name: StageName;
  /** `skipped`: the import began with a dropped file, behind this stage. */
  status: 'queued' | 'skipped' | StageStatus['status'];
  attempts: number;
  max_attempts: number;
  started_at: string | null;
  finished_at: string | null;
  next_attempt_at: string | null;
  progress: { done: number; total: number } | null;
  counts: Record<string, number> | null;
  columns?: ColumnsReport | undefined;
  error: StageError | null;
  /** Attempts that ended, the oldest first. */
  history: readonly EndedAttempt[];
};

export const importStatuses = ['queued', 'running', 'completed', 'failed'] as const;

export type ImportView = {
  import_id: ImportId;
  steam_id: string;
  status: (typeof importStatuses)[number];
  requested_at: string | null;
  stages: StageView[];
  /** The last stage's counts once the import completed, and whether it was `stale`. */
  result: ImportResult | null;
  /** Of all stages, in their order. */
  warnings: readonly Warning[];
  /** Keys in the bucket; null for what was not written. They expire. */
  files: { raw: string | null; enriched: string | null; rejects: string | null };
};
export type ImportResult = Partial<Omit<LoadSummary, 'warnings'>>;

/** An import's status, derived from what its stages stored. `now` tells a stage that died from one that works. */
export function viewImport(importId: ImportId, stored: StoredStatus, now: Date): ImportView {
  const reached = stageNames
    .flatMap((name) => stored.stages[name] ?? [])
    .map((status) => settleAbandoned(status, now));
  // The stage that began last is where the import is; what later stages stored belongs to an earlier run.
  const head = reached.toSorted((a, b) => a.started_at.localeCompare(b.started_at)).at(-1);
  const headIndex = head ? stageNames.indexOf(head.stage) : -1;
  const views = stageNames.map((name, index) => {
    const status = index <= headIndex ? reached.find((candidate) => candidate.stage === name) : undefined;
    return status
      ? viewStage(status)
      : viewMissing(name, index < headIndex || (index === 0 && !stored.request && headIndex >= 0));
  });
  const status = statusOf(head);
  return {
    import_id: importId,
    steam_id: parseImportId(importId).steamId,
    status,
    requested_at: stored.request?.requested_at ?? null,
    stages: views,
    result: status === 'completed' && head ? resultOf(head) : null,
    files: filesOf(importId, views),
    warnings: reached.flatMap(({ stage, warnings = [] }) =>
      stageNames.indexOf(stage) <= headIndex ? warnings : [],
    ),
  };
}

/** A stage writes under the import's own name, so that what is done tells which file is there. */
function filesOf(importId: ImportId, views: readonly StageView[]): ImportView['files'] {
  const [steamImport, enrichment, load] = views;
  const isBehind = (view: StageView | undefined) =>
    view?.status === 'completed' || view?.status === 'skipped';
  const hasBegun = (view: StageView | undefined) => view !== undefined && view.attempts > 0;
  const keyOf = (kind: LibraryKind) => printLibraryKey(libraryKeyOf(kind, importId));
  // A file that somebody dropped is there when the stage that reads it has begun.
  const hasRaw = steamImport?.status === 'completed' || hasBegun(enrichment);
  const hasEnriched = enrichment?.status === 'completed' || (isBehind(enrichment) && hasBegun(load));
  const rejectedBy = views.find(({ counts }) => (counts?.rejected ?? 0) > 0)?.name;
  const rejectsOf = { 'igdb-enrichment': 'raw', 'database-import': 'enriched' } as const;
  return {
    raw: hasRaw ? keyOf('raw') : null,
    enriched: hasEnriched ? keyOf('enriched') : null,
    rejects:
      rejectedBy === undefined || rejectedBy === 'steam-import'
        ? null
        : rejectsKey(libraryKeyOf(rejectsOf[rejectedBy], importId)),
  };
}

function resultOf({ counts, stale }: StageStatus): ImportResult | null {
  return counts && { ...counts, ...(stale !== undefined && { stale }) };
}

function statusOf(head: StageStatus | undefined): ImportView['status'] {
  if (!head) return 'queued';
  if (head.status === 'failed') return 'failed';
  return head.status === 'completed' && head.stage === stageNames.at(-1) ? 'completed' : 'running';
}

/** Whether nothing of it will be done unless somebody asks. */
export function hasEnded(importId: ImportId, stored: StoredStatus | null, now: Date): boolean {
  const status = stored && viewImport(importId, stored, now).status;
  return status === 'completed' || status === 'failed';
}

/** A function that was killed could not say so: after its timeout it is retried by its queue, or given up. */
function settleAbandoned(status: StageStatus, now: Date): StageStatus {
  const graceSeconds = 60;
  const deadline =
    Date.parse(status.attempt_started_at) +
    (stages[status.stage].functionTimeoutSeconds + graceSeconds) * 1000;
  if (status.status !== 'running' || now.getTime() < deadline) return status;
  const givenUp = status.attempts >= (status.max_attempts ?? maxReceiveCount);
  return {
    ...status,
    status: givenUp ? 'failed' : 'retrying',
    error: {
      code: 'STAGE_ABANDONED',
      message: 'The work stopped without finishing; nothing is lost.',
      operator_hint:
        'The function timed out, ran out of memory or was stopped. Its log shows which; redrive its dead letters.',
      retryable: true,
    },
  };
}

const viewStage = ({
  stage,
  run: _run,
  attempt_started_at: _at,
  attempt_finished_at: _until,
  history = [],
  s3_key: _key,
  stale: _stale,
  warnings: _warnings,
  ...status
}: StageStatus): StageView => ({
  name: stage,
  max_attempts: maxReceiveCount,
  ...status,
  history,
});

const viewMissing = (name: StageName, skipped: boolean): StageView => ({
  name,
  status: skipped ? 'skipped' : 'queued',
  attempts: 0,
  max_attempts: maxReceiveCount,
  started_at: null,
  finished_at: null,
  next_attempt_at: null,
  progress: null,
  counts: null,
  error: null,
  history: [],
});
