import * as v from 'valibot';
import type { PipelineError } from '../errors.ts';
import { type StageName, stageNames } from '../topology.ts';
import { ColumnsReport } from './columns-report.ts';
import type { ImportRequest } from './import-request.ts';

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

/** All that is stored of an import; a stage that never began has nothing. */
export type StoredStatus = {
  request: ImportRequest | null;
  stages: Partial<Record<StageName, StageStatus>>;
};
