import { styleText } from 'node:util';
import type { ImportResult, ImportView, StageView } from '@savepoint/core/contracts/import-view.ts';
import { oneLine } from '../terminal/plain-text.ts';
import { prose } from '../terminal/show.ts';
import { duration, moment } from '../terminal/times.ts';
import { plural } from './plural.ts';
import { progressLines } from './progress-lines.ts';

const colours = { queued: 'dim', running: 'cyan', completed: 'green', failed: 'red' } as const;

/** How an import went so far, for a person: where it is, why it failed, and what can be done. */
export const tellImport = (view: ImportView, now: Date, width: number): string =>
  [
    `Import ${view.import_id}: ${styleText(colours[view.status], view.status)}`,
    beginningOf(view, now),
    '',
    ...progressLines(view, now, width),
    ...tellOutcome(view, now, width).flatMap((line, index) => (index === 0 ? ['', line] : [line])),
  ].join('\n');

/** The part of it that comes after the stages: the trouble, or the result. No line when there is nothing to add. */
export function tellOutcome(view: ImportView, now: Date, width: number): string[] {
  const troubled = view.stages.find(({ status }) => status === 'failed' || status === 'retrying');
  if (troubled) return tellTrouble(view, troubled, now, width);
  const again = view.stages.find(({ status, attempts }) => status === 'running' && attempts > 1);
  if (again)
    return [`${again.name} is at attempt ${again.attempts} of ${again.max_attempts}; those before failed.`];
  return [
    ...view.stages.flatMap(tellColumns),
    ...(view.result ? [tellResult(view.result)] : []),
    ...tellRejects(view),
    ...(view.result?.stale ? [staleLine] : []),
    ...view.warnings.map(({ code, message }) => `Warning ${code}: ${oneLine(message)}`),
  ].map((line) => prose(line, width));
}

/** What was understood of a file that somebody dropped. */
function tellColumns({ columns }: StageView): string[] {
  if (!columns) return [];
  const renamed = Object.entries(columns.understood).filter(([column, spelled]) => column !== spelled);
  const unread = Object.entries(columns.unread);
  return [
    ...(renamed.length > 0
      ? [
          `Columns understood: ${renamed.map(([column, spelled]) => `${oneLine(spelled)} as ${column}`).join(', ')}.`,
        ]
      : []),
    ...(columns.left_aside.length > 0
      ? [`Columns ignored: ${columns.left_aside.map(oneLine).join(', ')}.`]
      : []),
    ...(unread.length > 0
      ? [
          `Values that could not be read and count as missing: ${unread.map(([column, cells]) => `${cells} of ${column}`).join(', ')}.`,
        ]
      : []),
  ];
}

/** The bad rows, with the command that shows them; and what nobody heeds of what people decided. */
function tellRejects({ import_id, stages }: ImportView): string[] {
  const counted = (name: string) => Math.max(0, ...stages.map(({ counts }) => counts?.[name] ?? 0));
  const [rows, overrides] = [counted('rejected'), counted('overrides_rejected')];
  return [
    ...(rows > 0
      ? [`What is wrong with the bad ${rows === 1 ? 'row' : 'rows'}: npx savepoint rejects ${import_id}`]
      : []),
    ...(overrides > 0
      ? [
          `Warning: ${plural(overrides, 'line')} of overrides/apps.csv cannot be used: npx savepoint overrides list`,
        ]
      : []),
  ];
}

const staleLine =
  'A newer import of this person was loaded before, so this one only filled in what the newer one left out.';

function beginningOf({ requested_at, stages }: ImportView, now: Date): string {
  if (requested_at !== null) return `Requested ${since(requested_at, now)}.`;
  const started = stages.find(({ started_at }) => started_at !== null)?.started_at;
  return started
    ? `Started by a file in the bucket ${since(started, now)}.`
    : 'Started by a file in the bucket.';
}

const since = (iso: string, now: Date) =>
  `${duration((now.getTime() - Date.parse(iso)) / 1000)} ago, at ${moment(iso)}`;

/** What a stage failed of, in the words for both readers, and whether trying again can help. */
function tellTrouble(view: ImportView, stage: StageView, now: Date, width: number): string[] {
  const { error } = stage;
  if (error === null) return [];
  const { advice, command } = tellRetry(view, stage);
  const line = (label: string, text: string) =>
    `  ${label.padEnd(labelWidth)}${prose(oneLine(text), width - 2, ' '.repeat(labelWidth + 2))}`;
  return [
    prose(`${stage.name} ${attemptsOf(stage, now)}`, width),
    line('error', error.code),
    line('for the person', error.message),
    ...(error.operator_hint ? [line('for the operator', error.operator_hint)] : []),
    line('a retry', advice),
    ...(command === undefined ? [] : ['', `  ${command}`]),
  ];
}

const labelWidth = 18;

function attemptsOf(stage: StageView, now: Date): string {
  if (stage.status === 'failed')
    return `gave up after ${plural(stage.attempts, 'attempt')}; its message waits in the dead-letter queue.`;
  const failed = `failed at attempt ${stage.attempts} of ${stage.max_attempts}`;
  if (stage.next_attempt_at === null) return `${failed}; it is tried again.`;
  const seconds = (Date.parse(stage.next_attempt_at) - now.getTime()) / 1000;
  const next = seconds > 0 ? `in ${duration(seconds)}, at ${moment(stage.next_attempt_at)}` : 'now';
  return `${failed}; the next one is ${next}.`;
}

/** Whether trying again can help, and the command for what can be done: on a line of its own, to be copied. */
function tellRetry(
  { import_id }: ImportView,
  { status, error }: StageView,
): { advice: string; command?: string } {
  if (status === 'retrying') return { advice: 'comes by itself.' };
  const redrive = `npx savepoint dlq redrive --import ${import_id}`;
  if (error?.retryable) return { advice: 'can help:', command: redrive };
  if (hopeless.test(error?.code ?? ''))
    return {
      advice: 'cannot help, since what was asked for is wrong. Discard the message:',
      command: `npx savepoint dlq discard --import ${import_id}`,
    };
  return { advice: 'helps once the cause is gone:', command: redrive };
}

/** Another try of the same message fails in the same way: a mistyped SteamID, a broken file, an impossible date. */
const hopeless =
  /^(STEAM_ACCOUNT_NOT_FOUND|MESSAGE_INVALID|KEY_INVALID|FILE_TOO_LARGE|IMPORT_IN_FUTURE|CSV_.*)$/;

function tellResult(result: ImportResult): string {
  const { imported_count: games = 0, matched = 0, unmatched = 0, ignored = 0, rejected = 0 } = result;
  return `Stored ${plural(games, 'game')} (${matched} matched with IGDB, ${unmatched} not), ${plural(ignored, 'other app')}; ${plural(rejected, 'bad row')}.`;
}
