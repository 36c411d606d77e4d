import { styleText } from 'node:util';
import type { ImportView, StageView } from '@savepoint/core/contracts/import-view.ts';
import cliTruncate from 'cli-truncate';
import { count, plural } from './plural.ts';

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

/** The longest stage's name, and more seconds than an import may take. */
const nameWidth = 15;
const timeWidth = 8;
/** What is said of a stage; a wide screen gets no wider gap before the time. */
const widestText = 60;
const beside = ' ✔ '.length + nameWidth + 2 + timeWidth;

/** Where an import is, a line a stage. @param width of the screen, in columns */
export const progressLines = (view: ImportView, now: Date, width: number): string[] =>
  view.stages.map((stage) => progressLine(stage, now, width));

/** One stage: its mark, its name, what it has done so far, and the time it took. */
export function progressLine(stage: StageView, now: Date, width: number): string {
  const seconds = stageSeconds(stage, now);
  const textWidth = Math.max(10, Math.min(widestText, width - beside));
  return [
    ` ${styleText(colours[stage.status], marks[stage.status])} ${stage.name.padEnd(nameWidth + 2)}`,
    cliTruncate(describe(stage), textWidth).padEnd(textWidth),
    (seconds === null ? '' : `${seconds.toFixed(1)} s`).padStart(timeWidth),
  ]
    .join('')
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
  if (status === 'retrying' && error === null) return 'not done yet, goes on by itself';
  if (status === 'retrying')
    return `attempt ${attempts} of ${max_attempts} failed: ${error?.code ?? 'unknown'}`;
  if (status === 'failed') return error?.code ?? 'failed';
  if (status === 'running') {
    const work = progress
      ? `${count(progress.done)} of ${plural(progress.total, 'app')} looked up`
      : 'working';
    return attempts > 1 ? `${work}, attempt ${attempts} of ${max_attempts}` : work;
  }
  return describeCounts(name, (counted) => counts?.[counted] ?? 0);
}

function describeCounts(name: StageView['name'], of: (counted: string) => number): string {
  if (name === 'steam-import') return `${plural(of('game_count'), 'app')} fetched from Steam`;
  const badRows = of('rejected') > 0 ? `, ${plural(of('rejected'), 'bad row')}` : '';
  if (name === 'igdb-enrichment')
    return `${count(of('matched'))} matched, ${count(of('unmatched'))} unmatched, ${count(of('filtered'))} not games${badRows}`;
  return `${plural(of('imported_count'), 'game')} stored, ${plural(of('skipped_count'), 'row')} skipped`;
}
