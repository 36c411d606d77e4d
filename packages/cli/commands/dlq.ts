import type { DeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import type {
  DeadLetterFilter,
  DeadLetterPage,
  DeadLetterSelection,
} from '@savepoint/core/operations/dead-letters.ts';
import { type StageName, stageNames } from '@savepoint/core/topology.ts';
import { plural } from '../story/plural.ts';
import type { Command } from 'commander';
import { examples, readImportId, readPositiveInteger, readStageName } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { connect } from '../operator.ts';
import { moment, show, table } from '../print.ts';

type Filter = { import?: string; message?: string; code?: string };
type ListOptions = Filter & { max: number };
type MoveOptions = Filter & { max?: number; dryRun?: boolean; yes?: boolean };

export function addDlq(program: Command): void {
  const dlq = program
    .command('dlq')
    .description('dead letters: messages that a stage gave up')
    .addHelpText('after', examples('dlq list', 'dlq redrive database-import'));
  addList(dlq);
  addShow(dlq);
  addRedrive(dlq);
  addDiscard(dlq);
}

const stageArgument = ['<stage>', stageNames.join(', '), readStageName] as const;

const withFilter = (command: Command): Command =>
  command
    .option('--import <id>', 'only those of this import', readImportId)
    .option('--message <id>', 'only this message')
    .option('--code <code>', 'only those that failed of this, such as STEAM_UNAVAILABLE');

const withListedAmount = (command: Command): Command =>
  withFilter(command).option('--max <n>', 'show at most so many', readPositiveInteger, 1000);

const withAmount = (command: Command): Command =>
  withFilter(command)
    .option('--max <n>', 'at most so many', readPositiveInteger)
    .option('--dry-run', 'only count them');

const addList = (dlq: Command): Command =>
  withListedAmount(dlq.command('list'))
    .description('list them, oldest failure first')
    .argument('[stage]', `${stageNames.join(', ')}; default: all`, readStageName)
    .addHelpText('after', examples('dlq list', 'dlq list steam-import --json'))
    .action(async (stage: StageName | undefined, options: ListOptions, command: Command) => {
      const page = await find(command, stage ? [stage] : stageNames, options);
      show(command, page, () => listOf(page));
    });

const addShow = (dlq: Command): Command =>
  withListedAmount(dlq.command('show'))
    .description('show all that is known of them, the message itself included')
    .argument(...stageArgument)
    .addHelpText('after', examples('dlq show igdb-enrichment --message 6c0a…'))
    .action(async (stage: StageName, options: ListOptions, command: Command) => {
      const page = await find(command, [stage], options);
      if (page.messages.length === 0) throw nothingMatches(stage);
      show(command, page, () => [...page.messages.map(describe), ...tellTruncated(page)].join('\n\n'));
    });

const addRedrive = (dlq: Command): Command =>
  withAmount(dlq.command('redrive'))
    .description("send them back to their stage's queue, unchanged")
    .argument(...stageArgument)
    .addHelpText(
      'after',
      examples(
        'dlq redrive database-import',
        'dlq redrive igdb-enrichment --max 100 --dry-run',
        'dlq redrive steam-import --import 76561197960287930-20261123T043000123Z',
      ),
    )
    .action(async (stage: StageName, options: MoveOptions, command: Command) => {
      const outcome = await connect(command).deadLetters.redrive(stage, selectionOf(options));
      show(command, outcome, () =>
        options.dryRun
          ? `${plural(outcome.matching, 'dead letter')} of ${stage} would be moved${limit(options)}.`
          : `Moved ${outcome.moved} of ${plural(outcome.matching, 'matching dead letter')} back to ${stage}.${tellMore(outcome)}`,
      );
    });

const addDiscard = (dlq: Command): Command =>
  withAmount(dlq.command('discard'))
    .description('delete them for good')
    .argument(...stageArgument)
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      examples('dlq discard igdb-enrichment --message 6c0a…', 'dlq discard steam-import --yes'),
    )
    .action(async (stage: StageName, options: MoveOptions, command: Command) => {
      const { deadLetters } = connect(command);
      const selection = selectionOf(options);
      const counted = await deadLetters.discard(stage, { ...selection, dryRun: true });
      const count = Math.min(counted.matching, options.max ?? counted.matching);
      const what = `${plural(count, 'dead letter')} of ${stage}`;
      if (options.dryRun) return show(command, counted, () => `${what} would be deleted.`);
      if (count > 0) await confirm(`Delete ${what} for good?`, options);
      const outcome = await deadLetters.discard(stage, selection);
      show(
        command,
        outcome,
        () => `Deleted ${plural(outcome.discarded, 'dead letter')} of ${stage}.${tellMore(outcome)}`,
      );
    });

const filterOf = (options: Filter): DeadLetterFilter => ({
  ...(options.import !== undefined && { importId: options.import }),
  ...(options.message !== undefined && { messageId: options.message }),
  ...(options.code !== undefined && { code: options.code }),
});

const selectionOf = (options: MoveOptions): DeadLetterSelection => ({
  ...filterOf(options),
  ...(options.max !== undefined && { max: options.max }),
  dryRun: options.dryRun ?? false,
});

const limit = ({ max }: MoveOptions): string => (max === undefined ? '' : `, at most ${max} of them`);
const tellMore = ({ more }: { more: boolean }): string => (more ? ' There are more; run it again.' : '');

async function find(
  command: Command,
  stages: readonly StageName[],
  { max, ...filter }: ListOptions,
): Promise<DeadLetterPage> {
  const { deadLetters } = connect(command);
  const pages = await Promise.all(
    stages.map((stage) => deadLetters.list(stage, { ...filterOf(filter), max })),
  );
  const messages = pages.flatMap((page) => page.messages);
  return {
    messages: messages.slice(0, max),
    truncated: messages.length > max || pages.some(({ truncated }) => truncated),
  };
}

const nothingMatches = (stage: StageName): CommandFailure =>
  new CommandFailure(exitCodes.notFound, `No dead letter of ${stage} matches.`);

const tellTruncated = ({ messages, truncated }: DeadLetterPage): string[] =>
  truncated ? [`These are ${messages.length}; there are more, or somebody else is looking at some.`] : [];

function listOf(page: DeadLetterPage): string {
  if (page.messages.length === 0) return tellTruncated(page)[0] ?? 'There are no dead letters.';
  const listed = table(
    ['stage', 'import', 'attempts', 'last failed', 'error', 'message'],
    page.messages.map((letter) => [
      letter.stage,
      letter.import_id ?? 'unknown',
      letter.attempts,
      moment(letter.last_failed_at),
      letter.error.code,
      letter.message_id,
    ]),
  );
  return [listed, ...tellTruncated(page)].join('\n\n');
}

const describe = (letter: DeadLetter): string =>
  [
    `message       ${letter.message_id}`,
    `stage         ${letter.stage}`,
    `import        ${letter.import_id ?? 'unknown'}`,
    `attempts      ${letter.attempts}`,
    `first failed  ${moment(letter.first_failed_at)}`,
    `last failed   ${moment(letter.last_failed_at)}`,
    `error         ${letter.error.code}: ${letter.error.message}`,
    `body          ${letter.body}`,
  ].join('\n');
