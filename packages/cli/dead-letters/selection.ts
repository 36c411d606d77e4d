import type { DeadLetterFilter, DeadLetterPage } from '@savepoint/core/operations/dead-letters.ts';
import { type StageName, stageNames } from '@savepoint/core/topology.ts';
import type { Command } from 'commander';
import { readImportId, readStageName } from '../arguments.ts';
import { connect } from '../operator.ts';
import { plural } from '../story/plural.ts';
import { waitFor } from '../terminal/waiting.ts';

/** Which dead letters a command is about. */
export type Filter = { import?: string; message?: string; code?: string };

export const anyStage = ['[stage]', `${stageNames.join(', ')}; default: all`, readStageName] as const;

export const withFilter = (command: Command): Command =>
  command
    .option('--import <id>', 'only those of this import', readImportId)
    .option('--message <id>', 'only this message')
    .option('--code <code>', 'only those that failed with this, such as STEAM_UNAVAILABLE');

export const filterOf = (options: Filter): DeadLetterFilter => ({
  ...(options.import !== undefined && { importId: options.import }),
  ...(options.message !== undefined && { messageId: options.message }),
  ...(options.code !== undefined && { code: options.code }),
});

export const isFiltered = (options: Filter): boolean => Object.keys(filterOf(options)).length > 0;

/** Those of one stage, or of all; the oldest failure of each stage first. */
export async function findDeadLetters(
  command: Command,
  stage: StageName | undefined,
  { max, ...filter }: Filter & { max: number },
): Promise<DeadLetterPage> {
  const { deadLetters } = await connect(command).openQueues();
  const pages = await waitFor(
    'the dead letters',
    Promise.all(
      (stage ? [stage] : stageNames).map((one) => deadLetters.list(one, { ...filterOf(filter), max })),
    ),
  );
  const messages = pages.flatMap((page) => page.messages);
  return {
    messages: messages.slice(0, max),
    truncated: messages.length > max || pages.some(({ truncated }) => truncated),
  };
}

/** No line where the list is whole. */
export const tellTruncated = (shown: number, truncated: boolean): string[] =>
  truncated
    ? [`That is ${plural(shown, 'message')}; there are more, or somebody else is looking at some.`]
    : [];
