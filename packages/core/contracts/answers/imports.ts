import * as v from 'valibot';
import type { MatchedApp } from '../../operations/list-apps.ts';
import { classifications, matchStatuses } from '../classification.ts';
import { ColumnsReport } from '../columns-report.ts';
import type { Reject } from '../csv.ts';
import { EndedAttempt, StageError, Warning } from '../import-status.ts';
import { type ImportResult, importStatuses } from '../import-view.ts';
import { count, importId, nextCursor, nullableText, nullableTime, stage, steamId, text } from './common.ts';

/** Answers about imports. */

export const QueuedImport = v.object({
  import_id: importId,
  steam_id: steamId,
  status: v.literal('queued'),
  status_url: v.pipe(v.string(), v.url()),
});

const resultCounts = {
  imported_count: count,
  skipped_count: count,
  matched: count,
  unmatched: count,
  pending: count,
  ignored: count,
  rejected: count,
  new: count,
  changed: count,
  unchanged: count,
  minutes_played: count,
  gone: count,
  stale: v.boolean(),
} as const satisfies Record<keyof Required<ImportResult>, v.GenericSchema>;

export const StageAnswer = v.object({
  name: stage,
  status: v.picklist(['queued', 'skipped', 'running', 'retrying', 'completed', 'failed']),
  attempts: count,
  max_attempts: count,
  started_at: nullableTime,
  finished_at: nullableTime,
  next_attempt_at: nullableTime,
  progress: v.nullable(v.object({ done: count, total: count })),
  counts: v.nullable(v.record(v.string(), v.number())),
  columns: v.optional(ColumnsReport),
  error: v.nullable(StageError),
  history: v.array(EndedAttempt),
});

export const ImportAnswer = v.object({
  import_id: importId,
  steam_id: steamId,
  status: v.picklist(importStatuses),
  requested_at: nullableTime,
  stages: v.array(StageAnswer),
  result: v.nullable(v.partial(v.object(resultCounts))),
  warnings: v.array(Warning),
  files: v.object({ raw: nullableText, enriched: nullableText, rejects: nullableText }),
});
export const ImportsAnswer = v.object({ imports: v.array(ImportAnswer), next_cursor: nextCursor });

const matchedApp = v.object({
  appid: count,
  name: nullableText,
  classification: v.nullable(v.picklist(classifications)),
  match_status: v.picklist(matchStatuses),
  igdb_id: v.nullable(count),
  igdb_name: nullableText,
  match_method: nullableText,
  match_confidence: v.nullable(v.number()),
  match_reason: nullableText,
  candidates: v.array(v.object({ igdb_id: count, name: v.optional(text) })),
}) satisfies v.GenericSchema<MatchedApp>;
export const AppsAnswer = v.object({ apps: v.array(matchedApp), next_cursor: nextCursor });

const reject = v.object({
  line: count,
  reason: text,
  record: text,
}) satisfies v.GenericSchema<Reject>;
export const RejectsAnswer = v.object({ rejects: v.array(reject) });

export const RerunAnswer = v.object({ import_id: importId, stage, s3_key: text });

const gap = v.object({ import_id: importId, stage, s3_key: nullableText, since: text });
export const ReconcileAnswer = v.object({
  queued: v.array(gap),
  postponed: v.array(
    v.object({
      ...gap.entries,
      reason: v.picklist(['dead_letter', 'dead_letters_unread', 'queue_busy']),
    }),
  ),
  more: v.boolean(),
  dry_run: v.boolean(),
});
