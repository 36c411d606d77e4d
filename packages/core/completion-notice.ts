import type { ImportId } from './contracts/import-id.ts';
import { parseImportId } from './contracts/import-id.ts';
import type { PipelineError } from './errors.ts';
import { type StageName, stageNames } from './topology.ts';

/** What other programs are told when an import ends: the body of the webhook and of the SNS message. */
export type CompletionNotice = {
  type: 'import.completed' | 'import.failed';
  import_id: ImportId;
  steam_id: string;
  /** The stage that ended the import. */
  stage: StageName;
  /** ISO 8601 */
  finished_at: string;
  /** The last stage's counts, what changed among them; null when the import failed. */
  result: Record<string, number> | null;
  /** New games, minutes played since Steam was asked before, games that Steam lists no longer; null when the import failed. */
  changes: { new: number; minutes_played: number; gone: number } | null;
  /** The library for reading, at the address of the HTTP API where that is known; null when the import failed. */
  library_url: string | null;
  /** `retryable`: whether a redrive may help without anybody changing anything. */
  error: { code: string; message: string; retryable: boolean } | null;
};

/** Null when the stage is not the last one, so that the import goes on. @param apiUrl without it the link is relative */
export function completedNotice(
  importId: ImportId,
  stage: StageName,
  counts: Record<string, number>,
  finishedAt: Date,
  apiUrl?: string,
): CompletionNotice | null {
  if (stage !== stageNames.at(-1)) return null;
  const notice = noticeOf('import.completed', importId, stage, finishedAt);
  const { new: added = 0, minutes_played = 0, gone = 0 } = counts;
  const changes = { new: added, minutes_played, gone };
  const path = `/libraries/${notice.steam_id}`;
  return {
    ...notice,
    result: counts,
    changes,
    library_url: apiUrl === undefined ? path : new URL(path, apiUrl).href,
  };
}

/** Whether a stage's answer is that of an import whose end was told, and that another try changed in nothing. */
export const isNoNews = (answer: Readonly<Record<string, unknown>>): boolean =>
  answer.asked_again === true && ['new', 'changed', 'gone'].every((count) => answer[count] === 0);

export const failedNotice = (
  importId: ImportId,
  stage: StageName,
  { code, message, retryable }: PipelineError,
  finishedAt: Date,
): CompletionNotice => ({
  ...noticeOf('import.failed', importId, stage, finishedAt),
  error: { code, message, retryable },
});

const noticeOf = (
  type: CompletionNotice['type'],
  importId: ImportId,
  stage: StageName,
  finishedAt: Date,
): CompletionNotice => ({
  type,
  import_id: importId,
  steam_id: parseImportId(importId).steamId,
  stage,
  finished_at: finishedAt.toISOString(),
  result: null,
  changes: null,
  library_url: null,
  error: null,
});
