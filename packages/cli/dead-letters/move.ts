import type { DeadLetterSelection, DeadLetters } from '@savepoint/core/operations/dead-letters.ts';
import { type StageName, stageNames } from '@savepoint/core/topology.ts';
import type { Command } from 'commander';
import { examples, readPositiveInteger } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { connect } from '../operator.ts';
import { plural } from '../story/plural.ts';
import { show } from '../terminal/show.ts';
import { waitFor } from '../terminal/waiting.ts';
import { nothingMatches } from './look.ts';
import { anyStage, type Filter, filterOf, isFiltered, withFilter } from './selection.ts';

type MoveOptions = Filter & { max?: number; dryRun?: boolean; allStages?: boolean; yes?: boolean };

const withAmount = (command: Command): Command =>
  withFilter(command)
    .option('--all-stages', 'those of every stage')
    .option('--max <n>', 'at most this many', readPositiveInteger)
    .option('--dry-run', 'only count them');

export const addRedrive = (dlq: Command): Command =>
  withAmount(dlq.command('redrive'))
    .description("send them back to their stage's queue, unchanged")
    .argument(...anyStage)
    .addHelpText(
      'after',
      examples(
        'dlq redrive database-import',
        'dlq redrive --code STEAM_UNAVAILABLE',
        'dlq redrive --all-stages --max 100 --dry-run',
        'dlq redrive --import 76561197960287930-20261123T043000123Z',
      ),
    )
    .action(async (stage: StageName | undefined, options: MoveOptions, command: Command) => {
      const stages = stagesOf(stage, options);
      const { deadLetters } = await connect(command).openQueues();
      const outcome = await overStages(stages, options, deadLetters.redrive, ({ moved }) => moved);
      if (outcome.matching === 0 && isFiltered(options)) throw nothingMatches(stage);
      show(command, outcome, () =>
        options.dryRun
          ? `${plural(outcome.matching, 'dead letter')}${of(stage)} would be moved${limit(options)}.`
          : `Moved ${outcome.moved} of ${plural(outcome.matching, 'matching dead letter')} back to ${stage ?? (outcome.matching === 1 ? 'its stage' : 'their stages')}.${tellMore(outcome)}`,
      );
    });

export const addDiscard = (dlq: Command): Command =>
  withAmount(dlq.command('discard'))
    .description('delete them for good')
    .argument(...anyStage)
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      examples('dlq discard igdb-enrichment --message 6c0a…', 'dlq discard steam-import --yes'),
    )
    .action(async (stage: StageName | undefined, options: MoveOptions, command: Command) => {
      const stages = stagesOf(stage, options);
      const { deadLetters } = await connect(command).openQueues();
      const discard = (dryRun: boolean) =>
        overStages(stages, { ...options, dryRun }, deadLetters.discard, ({ discarded }) => discarded);
      const counted = await discard(true);
      if (counted.matching === 0 && isFiltered(options)) throw nothingMatches(stage);
      const count = Math.min(counted.matching, options.max ?? counted.matching);
      const what = `${plural(count, 'dead letter')}${of(stage)}`;
      if (options.dryRun) return show(command, counted, () => `${what} would be deleted.`);
      if (count > 0) await confirm(`Delete ${what} for good?`, options);
      const outcome = await discard(false);
      show(
        command,
        outcome,
        () => `Deleted ${plural(outcome.discarded, 'dead letter')}${of(stage)}.${tellMore(outcome)}`,
      );
    });

const of = (stage: StageName | undefined): string => (stage === undefined ? '' : ` of ${stage}`);
const limit = ({ max }: MoveOptions): string => (max === undefined ? '' : `, at most ${max} of them`);
const tellMore = ({ more }: { more: boolean }): string => (more ? ' There are more; run it again.' : '');

/** Nobody means every dead letter there is by saying nothing. */
function stagesOf(stage: StageName | undefined, options: MoveOptions): readonly StageName[] {
  if (stage !== undefined) return [stage];
  if (options.allStages || isFiltered(options)) return stageNames;
  throw new CommandFailure(
    exitCodes.usage,
    `Say which: a stage (${stageNames.join(', ')}), --import, --message, --code, or --all-stages.`,
  );
}

/** One stage after the other. @returns the sum, in the shape of one stage's outcome. */
async function overStages<Outcome extends Awaited<ReturnType<Move>>>(
  stages: readonly StageName[],
  { max, dryRun = false, ...options }: MoveOptions,
  move: (stage: StageName, selection: DeadLetterSelection) => Promise<Outcome>,
  takenBy: (outcome: Outcome) => number,
): Promise<Outcome> {
  let sum: Outcome | undefined;
  let left = max;
  for (const stage of stages) {
    const selection = { ...filterOf(options), ...(left !== undefined && { max: left }), dryRun };
    const outcome = await waitFor(`the dead letters of ${stage}`, move(stage, selection));
    // A stage of which none are wanted any more is still counted.
    if (left !== undefined) left = Math.max(0, left - (dryRun ? outcome.matching : takenBy(outcome)));
    sum = sum === undefined ? outcome : add(sum, outcome);
  }
  return sum!;
}
type Move = DeadLetters['redrive'] | DeadLetters['discard'];

/** Numbers are added; of flags either counts. */
const add = <Outcome extends object>(one: Outcome, other: Outcome): Outcome =>
  Object.fromEntries(
    Object.entries(one).map(([name, value]) => {
      const second = other[name as keyof Outcome] as unknown;
      return [name, typeof value === 'number' ? value + Number(second) : value || second];
    }),
  ) as Outcome;
