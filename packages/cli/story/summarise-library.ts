import { styleText } from 'node:util';
import type { LibraryReport } from '@savepoint/adapters/postgres/library-report.ts';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { oneLine } from '../terminal/plain-text.ts';
import { prose } from '../terminal/show.ts';
import { stageSeconds } from './progress-lines.ts';

export type Timing = { stackSeconds: number; importSeconds: number };

/** What was imported, for a person to read. */
export function summarise(view: ImportView, report: LibraryReport, timing: Timing, width: number): string {
  const statuses = sumBy(report.counts, (row) => row.match_status);
  const classes = sumBy(report.counts, (row) => row.classification);
  const apps = [...classes.values()].reduce((sum, count) => sum + count, 0);
  const rejected = view.result?.rejected ?? 0;
  const line = (label: string, text: string) =>
    `  ${label.padEnd(10)}${prose(text, width - 2, ' '.repeat(12))}`;
  return [
    '',
    heading(`${apps} apps, ${hours(report.playtimeMinutes)} hours played`),
    line('Kinds', list(classes, kindNames)),
    line('Matching', list(statuses, statusNames)),
    line('Skipped', skipped(classes, rejected)),
    '',
    heading('Most played'),
    ...report.mostPlayed.map((game) => mostPlayedLine(game, width)),
    '',
    heading('Time'),
    ...view.stages.map(
      (stage) =>
        `  ${stage.name.padEnd(18)}${(stageSeconds(stage, new Date()) ?? 0).toFixed(1).padStart(5)} s`,
    ),
    `  ${'request to rows'.padEnd(18)}${timing.importSeconds.toFixed(1).padStart(5)} s, after ${timing.stackSeconds.toFixed(1)} s to start the stack`,
    '',
    styleText('dim', 'Game data from IGDB.com.'),
    '',
  ].join('\n');
}

const kindNames: Record<string, [one: string, many: string]> = {
  game: ['game', 'games'],
  dlc: ['DLC', 'DLCs'],
  soundtrack: ['soundtrack', 'soundtracks'],
  demo: ['demo', 'demos'],
  tool: ['tool', 'tools'],
  multiplayer_component: ['multiplayer component', 'multiplayer components'],
  video: ['video', 'videos'],
  bonus_content: ['piece of bonus content', 'pieces of bonus content'],
  beta: ['beta', 'betas'],
};
const statusNames: Record<string, [one: string, many: string]> = {
  MATCHED: ['found in IGDB', 'found in IGDB'],
  UNMATCHED: ['not found', 'not found'],
  IGNORED: ['not a game', 'not games'],
  PENDING: ['not looked up', 'not looked up'],
};

const heading = (text: string) => styleText('bold', text);
const hours = (minutes: number) => Math.round(minutes / 60).toLocaleString('en');

function sumBy(
  counts: LibraryReport['counts'],
  keyOf: (row: LibraryReport['counts'][number]) => string,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of counts) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.apps);
  return sums;
}

const list = (counts: Map<string, number>, names: Record<string, [one: string, many: string]>): string =>
  [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([key, count]) => `${count} ${names[key]?.[count === 1 ? 0 : 1] ?? key}`)
    .join(', ');

function skipped(classes: Map<string, number>, rejected: number): string {
  const kinds = new Map([...classes].filter(([kind]) => kind !== 'game'));
  const notGames = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  const reasons = [
    ...(notGames > 0 ? [`${notGames} that are no games (${list(kinds, kindNames)})`] : []),
    ...(rejected > 0 ? [`${rejected} bad rows (see rejects/)`] : []),
  ];
  return reasons.length === 0 ? 'nothing' : reasons.join(', ');
}

const titleWidth = 34;

function mostPlayedLine(
  { title, playtime_minutes, genres }: LibraryReport['mostPlayed'][number],
  width: number,
): string {
  const name = cliTruncate(oneLine(title), titleWidth);
  const played = `  ${`${hours(playtime_minutes)} h`.padStart(8)}  ${name}${' '.repeat(titleWidth - stringWidth(name))}  `;
  const beside = genres.map(oneLine).join(', ');
  return `${played}${styleText('dim', width === Number.POSITIVE_INFINITY ? beside : cliTruncate(beside, Math.max(1, width - titleWidth - 14)))}`;
}
