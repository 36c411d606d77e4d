import type { DeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import { type Cause, causesOf } from '@savepoint/core/operations/dead-letter-causes.ts';
import type { DeadLetterPage } from '@savepoint/core/operations/dead-letters.ts';
import type { StageName } from '@savepoint/core/topology.ts';
import type { Command } from 'commander';
import { examples, readPositiveInteger } from '../arguments.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { oneLine } from '../terminal/plain-text.ts';
import { prose, show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { moment } from '../terminal/times.ts';
import {
  anyStage,
  type Filter,
  findDeadLetters,
  isFiltered,
  tellTruncated,
  withFilter,
} from './selection.ts';

type ListOptions = Filter & { max: number };

const withListedAmount = (command: Command): Command =>
  withFilter(command).option('--max <n>', 'show at most this many', readPositiveInteger, 1000);

export const addList = (dlq: Command): Command =>
  withListedAmount(dlq.command('list'))
    .description('list them, oldest failure first')
    .argument(...anyStage)
    .addHelpText('after', examples('dlq list', 'dlq list steam-import --json'))
    .action(async (stage: StageName | undefined, options: ListOptions, command: Command) => {
      const page = await findDeadLetters(command, stage, options);
      if (page.messages.length === 0 && isFiltered(options)) throw nothingMatches(stage);
      show(command, page, (width) => listOf(page, width));
    });

export const addShow = (dlq: Command): Command =>
  withListedAmount(dlq.command('show'))
    .description('show everything known about them, the message included')
    .argument(...anyStage)
    .addHelpText('after', examples('dlq show igdb-enrichment --message 6c0a…'))
    .action(async (stage: StageName | undefined, options: ListOptions, command: Command) => {
      const page = await findDeadLetters(command, stage, options);
      if (page.messages.length === 0) throw nothingMatches(stage);
      show(command, page, (width) =>
        [
          ...page.messages.map((letter) => describe(letter, width)),
          ...tellTruncated(page.messages.length, page.truncated),
        ].join('\n\n'),
      );
    });

/** So many are read to be counted. */
const countedLetters = 10_000;

export const addCauses = (dlq: Command): Command =>
  dlq
    .command('causes')
    .description('why they failed, and how many of each')
    .addHelpText('after', examples('dlq causes', 'dlq causes --json'))
    .action(async (_options: unknown, command: Command) => {
      const page = await findDeadLetters(command, undefined, { max: countedLetters });
      const causes = causesOf(page.messages);
      show(command, { causes, truncated: page.truncated }, (width) =>
        [tellCauses(causes, width), ...tellTruncated(page.messages.length, page.truncated)].join('\n\n'),
      );
    });

export function nothingMatches(stage: StageName | undefined): CommandFailure {
  const where = stage === undefined ? '' : ` of ${stage}`;
  return new CommandFailure(exitCodes.notFound, `No dead letter${where} matches.`);
}

function tellCauses(causes: readonly Cause[], width: number): string {
  if (causes.length === 0) return 'There are no dead letters.';
  const listed = table(
    [
      { head: 'stage' },
      { head: 'error' },
      { head: 'count' },
      { head: 'newest' },
      { head: 'oldest', drops: 1 },
      { head: 'for example', drops: 2 },
    ],
    causes.map((cause) => [
      cause.stage,
      cause.code,
      cause.count,
      moment(cause.newest),
      moment(cause.oldest),
      cause.example_import_id ?? '',
    ]),
    width,
  );
  const passing = causes.find(({ retryable }) => retryable);
  return passing === undefined
    ? listed
    : `${listed}\n\nSend those of one cause back with: npx savepoint dlq redrive --code ${passing.code}`;
}

function listOf({ messages, truncated }: DeadLetterPage, width: number): string {
  const notAll = tellTruncated(messages.length, truncated);
  if (messages.length === 0) return notAll[0] ?? 'There are no dead letters.';
  const listed = table(
    [
      { head: 'stage' },
      { head: 'import' },
      { head: 'error', shortensTo: 20 },
      { head: 'attempts', drops: 2 },
      { head: 'last failed', drops: 3 },
      { head: 'message', drops: 1 },
    ],
    messages.map((letter) => [
      letter.stage,
      letter.import_id ?? 'unknown',
      letter.error.code,
      letter.attempts,
      moment(letter.last_failed_at),
      letter.message_id,
    ]),
    width,
  );
  return [listed, ...notAll].join('\n\n');
}

const labelWidth = 14;

function describe(letter: DeadLetter, width: number): string {
  const { error } = letter;
  return [
    ['message', letter.message_id],
    ['stage', letter.stage],
    ['import', letter.import_id ?? 'unknown'],
    ['attempts', String(letter.attempts)],
    ['first failed', moment(letter.first_failed_at)],
    ['last failed', moment(letter.last_failed_at)],
    ['error', `${error.code}: ${error.message}`],
    ['body', letter.body],
  ]
    .map(
      ([label = '', text = '']) =>
        label.padEnd(labelWidth) + prose(oneLine(text), width, ' '.repeat(labelWidth)),
    )
    .join('\n');
}
