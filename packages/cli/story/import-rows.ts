import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import type { Column } from '../terminal/table.ts';
import { moment } from '../terminal/times.ts';
import { plural } from './plural.ts';

export const importColumns: readonly Column[] = [
  { head: 'import' },
  { head: 'status' },
  { head: 'started', drops: 1 },
  { head: 'result', shortensTo: 20 },
];

/** A line a import, as `imports` lists them. */
export const importRow = (view: ImportView): string[] => [
  view.import_id,
  view.status,
  beginningOf(view),
  resultOf(view),
];

function beginningOf({ requested_at, stages }: ImportView): string {
  if (requested_at) return moment(requested_at);
  const started = stages.find(({ started_at }) => started_at !== null)?.started_at;
  return started ? `${moment(started)}, by a file` : 'by a file';
}

/** The error first: it says more than the stage, when one of them is cut. */
function resultOf({ stages, result }: ImportView): string {
  if (result) return plural(result.imported_count ?? 0, 'game');
  const at = stages.find(
    ({ status }) => status === 'failed' || status === 'retrying' || status === 'running',
  );
  if (!at) return '';
  return at.error ? `${at.error.code} (${at.name})` : at.name;
}
