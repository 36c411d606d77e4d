import type { DeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import type { DeadLetterSelection } from '@savepoint/core/operations/dead-letters.ts';
import { type StageName, stageNames } from '@savepoint/core/topology.ts';
import { plural } from '../story/plural.ts';
import type { Command } from 'commander';
import { examples, readImportId, readPositiveInteger, readStageName } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { connect } from '../operator.ts';
import { moment, show, table } from '../print.ts';

type Filter = { import?: string; message?: string };
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
    .option('--message <id>', 'only this message');

const withAmount = (command: Command): Command =>
  withFilter(command)
    .option('--max <n>', 'at most so many', readPositiveInteger)
    .option('--dry-run', 'only count them');

const addList = (dlq: Command): Command =>
  withFilter(dlq.command('list'))
    .description('list them, oldest failure first')
    .argument('[stage]', `${stageNames.join(', ')}; default: all`, readStageName)
    .addHelpText('after', examples('dlq list', 'dlq list steam-import --json'))
    .action(async (stage: StageName | undefined, filter: Filter, command: Command) => {
      const messages = await find(command, stage ? [stage] : stageNames, filter);
      show(command, { messages }, () =>
        messages.length === 0 ? 'There are no dead letters.' : listOf(messages),
      );
    });

const addShow = (dlq: Command): Command =>
  withFilter(dlq.command('show'))
    .description('show all that is known of them, the message itself included')
    .argument(...stageArgument)
    .addHelpText('after', examples('dlq show igdb-enrichment --message 6c0a…'))
    .action(async (stage: StageName, filter: Filter, command: Command) => {
      const messages = await find(command, [stage], filter);
      if (messages.length === 0) throw nothingMatches(stage);
      show(command, { messages }, () => messages.map(describe).join('\n\n'));
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
          : `Moved ${outcome.moved} of ${plural(outcome.matching, 'matching dead letter')} back to ${stage}.`,
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
      const { matching } = await deadLetters.discard(stage, { ...selection, dryRun: true });
      const count = Math.min(matching, options.max ?? matching);
      const what = `${plural(count, 'dead letter')} of ${stage}`;
      if (options.dryRun) return show(command, { moved: 0, matching }, () => `${what} would be deleted.`);
      if (count > 0) await confirm(`Delete ${what} for good?`, options);
      const outcome = await deadLetters.discard(stage, selection);
      show(command, outcome, () => `Deleted ${plural(outcome.moved, 'dead letter')} of ${stage}.`);
    });

const selectionOf = (options: MoveOptions): DeadLetterSelection => ({
  ...(options.import !== undefined && { importId: options.import }),
  ...(options.message !== undefined && { messageId: options.message }),
  ...(options.max !== undefined && { max: options.max }),
  dryRun: options.dryRun ?? false,
});

const limit = ({ max }: MoveOptions): string => (max === undefined ? '' : `, at most ${max} of them`);

async function find(command: Command, stages: readonly StageName[], filter: Filter): Promise<DeadLetter[]> {
  const { deadLetters } = connect(command);
  const all = (await Promise.all(stages.map((stage) => deadLetters.list(stage)))).flat();
  return all.filter(
    ({ import_id, message_id }) =>
      (filter.import === undefined || import_id === filter.import) &&
      (filter.message === undefined || message_id === filter.message),
  );
}

const nothingMatches = (stage: StageName): CommandFailure =>
  new CommandFailure(exitCodes.notFound, `No dead letter of ${stage} matches.`);

const listOf = (messages: readonly DeadLetter[]): string =>
  table(
    ['stage', 'import', 'attempts', 'last failed', 'error', 'message'],
    messages.map((letter) => [
      letter.stage,
      letter.import_id ?? 'unknown',
      letter.attempts,
      moment(letter.last_failed_at),
      letter.error.code,
      letter.message_id,
    ]),
  );

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
