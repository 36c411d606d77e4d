import { CommandFailure, exitCodes } from './failure.ts';

/**
 * Asks before something that cannot be undone. `--yes` answers beforehand; without a terminal nobody could answer,
 * so nothing is done.
 * @throws CommandFailure when the answer is no, or cannot be asked for.
 */
export async function confirm(question: string, options: { yes?: boolean }): Promise<void> {
  if (options.yes) return;
  if (!process.stdin.isTTY)
    throw new CommandFailure(
      exitCodes.usage,
      `${question} Nobody is there to answer, so nothing was changed; add --yes.`,
    );
  const { confirm: ask } = await import('@inquirer/prompts');
  const agreed = await ask({ message: question, default: false }, { output: process.stderr });
  if (!agreed) throw new CommandFailure(exitCodes.failed, 'Nothing was changed.');
}
