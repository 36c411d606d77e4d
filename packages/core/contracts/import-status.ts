import * as v from 'valibot';
import type { PipelineError } from '../errors.ts';
import { type LibraryKind, maxReceiveCount, type StageName, stageNames, stages } from '../topology.ts';
import { ColumnsReport } from './columns-report.ts';
import { libraryKeyOf, printLibraryKey } from './library-key.ts';
import { rejectsKey } from './object-key.ts';
import { type ImportId, parseImportId } from './import-id.ts';
import type { ImportRequest } from './import-request.ts';
import type { LoadSummary } from '../stages/database-import.ts';

/** `status/{import_id}/{stage}.json`: what a stage last did for an import. Each stage writes its own and no other. */

export const StageError = v.object({
  code: v.string(),
  /** For the person whose library it is. */
  message: v.string(),
  /** For whoever runs the service. */
  operator_hint: v.nullable(v.string()),
  retryable: v.boolean(),
});
export type StageError = v.InferOutput<typeof StageError>;

/** What went well and still should be known, e.g. `PLAYTIME_HIDDEN`. The message is for the person. */
export const Warning = v.object({ code: v.string(), message: v.string() });
export type Warning = v.InferOutput<typeof Warning>;

/** An attempt that ended. `outcome`: retrying = it is tried again, or goes on later. */
export const EndedAttempt = v.object({
  attempt: v.number(),
  started_at: v.string(),
  finished_at: v.string(),
  outcome: v.picklist(['completed', 'retrying', 'failed']),
  error_code: v.nullable(v.string()),
});
export type EndedAttempt = v.InferOutput<typeof EndedAttempt>;
/** Of a stage, over all its runs; a message has eleven attempts. */
const keptAttempts = 30;

export const StageStatus = v.object({
  stage: v.picklist(stageNames),
  status: v.picklist(['running', 'retrying', 'completed', 'failed']),
  /** What set this run off: the same for every delivery of one message, another for a file dropped again. */
  run: v.string(),
  /** Deliveries of the message so far, this one included, over all redrives. */
  attempts: v.number(),
  /** At which attempt the message is given up: a redrive brings it as many again. Records of before have none. */
  max_attempts: v.optional(v.number()),
  started_at: v.string(),
  attempt_started_at: v.string(),
  /** When the attempt ended, for better or worse; absent while it works. */
  attempt_finished_at: v.optional(v.string()),
  /** Attempts that ended, the oldest first. Records of before have none. */
  history: v.optional(v.array(EndedAttempt)),
  finished_at: v.nullable(v.string()),
  next_attempt_at: v.nullable(v.string()),
  progress: v.nullable(v.object({ done: v.number(), total: v.number() })),
  counts: v.nullable(v.record(v.string(), v.number())),
  /** What was understood of a dropped file. Records of before have none. */
  columns: v.optional(ColumnsReport),
  /** The object that the stage wrote. */
  s3_key: v.nullable(v.string()),
  error: v.nullable(StageError),
  /** Absent in records of before. */
  warnings: v.optional(v.array(Warning)),
  /** Of a load: a newer import of the person was loaded before. Absent where that does not apply. */
  stale: v.optional(v.boolean()),
});
export type StageStatus = v.InferOutput<typeof StageStatus>;

/** For errors that have nothing of their own to say to the operator. */
const hints = {
  passing: "The log of the stage's function has the details, under the id of the import.",
  permanent:
    'The cause lies in what was asked for, not in the service: redrive the dead letter once it is gone.',
} as const;

export const stageErrorOf = (error: PipelineError): StageError => ({
  code: error.code,
  message: error.message,
  operator_hint: error.operatorHint ?? (error.retryable ? hints.passing : hints.permanent),
  retryable: error.retryable,
});

/**
 * What to store when `next` is reported while `current` is stored. Messages and reports come twice, late and out of
 * order: what completed stays completed for its run, and of two attempts, or two runs, the one that began later is
 * told.
 */
export function mergeStageStatus(current: StageStatus | null, next: StageStatus): StageStatus {
  const history = mergeHistory(current?.history, endOf(next));
  return { ...laterOf(current, next), ...(history.length > 0 && { history }) };
}

/** The attempt that a report ends, if it does. */
const endOf = ({
  status,
  attempts,
  attempt_started_at,
  attempt_finished_at,
  error,
}: StageStatus): EndedAttempt | null =>
  status === 'running' || attempt_finished_at === undefined
    ? null
    : {
        attempt: attempts,
        started_at: attempt_started_at,
        finished_at: attempt_finished_at,
        outcome: status,
        error_code: error?.code ?? null,
      };

/** Each attempt once, though its end is reported twice. */
function mergeHistory(known: readonly EndedAttempt[] = [], ended: EndedAttempt | null): EndedAttempt[] {
  const all =
    ended === null ? known : [...known.filter((each) => each.started_at !== ended.started_at), ended];
  return all.toSorted((a, b) => a.started_at.localeCompare(b.started_at)).slice(-keptAttempts);
}

function laterOf(current: StageStatus | null, next: StageStatus): StageStatus {
  if (current === null) return next;
  if (current.run !== next.run) return next.started_at >= current.started_at ? next : current;
  if (next.status !== 'completed') {
    if (current.status === 'completed' || next.attempt_started_at < current.attempt_started_at)
      return current;
    // A report of progress that arrives after the attempt's end.
    const sameAttempt = next.attempt_started_at === current.attempt_started_at;
    if (sameAttempt && next.status === 'running' && current.status !== 'running') return current;
  }
  const [earliest = next.started_at] = [current.started_at, next.started_at].sort();
  return { ...next, started_at: earliest };
}

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

export type StoredStatus = {
  request: ImportRequest | null;
  stages: Partial<Record<StageName, StageStatus>>;
};

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
