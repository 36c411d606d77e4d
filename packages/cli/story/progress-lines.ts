import { styleText } from 'node:util';
import type { ImportView, StageView } from '@savepoint/core/contracts/import-status.ts';
import { plural } from './plural.ts';

const marks = {
  completed: '✔',
  failed: '✖',
  running: '▸',
  retrying: '↻',
  queued: '·',
  skipped: '·',
} as const;
const colours = {
  completed: 'green',
  failed: 'red',
  running: 'cyan',
  retrying: 'yellow',
  queued: 'dim',
  skipped: 'dim',
} as const;

/** Where an import is, a line a stage. */
export const progressLines = (view: ImportView, now: Date): string[] =>
  view.stages.map((stage) => progressLine(stage, now));

/** One stage: its mark, its name, what it has done so far, and the time it took. */
export function progressLine(stage: StageView, now: Date): string {
  const seconds = stageSeconds(stage, now);
  return [
    ` ${styleText(colours[stage.status], marks[stage.status])}`,
    stage.name.padEnd(16),
    describe(stage).padEnd(62),
    seconds === null ? '' : `${seconds.toFixed(1)} s`,
  ]
    .join(' ')
    .trimEnd();
}

/** Seconds from the first attempt's start to the end, or till now. Null before the start. */
export function stageSeconds(stage: StageView, now: Date): number | null {
  if (stage.started_at === null) return null;
  const end = stage.finished_at === null ? now.getTime() : Date.parse(stage.finished_at);
  return Math.max(0, (end - Date.parse(stage.started_at)) / 1000);
}

function describe({ name, status, counts, progress, error, attempts, max_attempts }: StageView): string {
  if (status === 'queued') return 'waiting';
  if (status === 'skipped') return 'not needed: the import began with a file';
  if (status === 'retrying' && error === null) return 'not yet done, goes on by itself';
  if (status === 'retrying')
    return `attempt ${attempts} of ${max_attempts} failed (${error?.code ?? 'unknown'}), trying again`;
  if (status === 'failed') return error?.code ?? 'failed';
  if (status === 'running') {
    const work = progress ? `${progress.done} of ${progress.total} apps looked up` : 'at work';
    return attempts > 1 ? `${work}, attempt ${attempts} of ${max_attempts}` : work;
  }
  const count = (counted: string) => counts?.[counted] ?? 0;
  if (name === 'steam-import') return `${plural(count('game_count'), 'app')} fetched from Steam`;
  if (name === 'igdb-enrichment')
    return `${count('matched')} matched, ${count('unmatched')} unmatched, ${count('filtered')} not games, ${plural(count('rejected'), 'bad row')}`;
  return `${plural(count('imported_count'), 'game')} stored, ${plural(count('skipped_count'), 'row')} skipped`;
}
