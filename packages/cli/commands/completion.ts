import { Argument, type Command } from 'commander';
import { examples } from '../arguments.ts';
import { completionScript, type Shell, shells } from '../completion/scripts.ts';
import { completionWords } from '../completion/words.ts';
import { createProgram } from '../program.ts';

export const addCompletion = (program: Command): Command =>
  program
    .command('completion')
    .description('print a script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addHelpText(
      'after',
      `${examples('completion bash > ~/.savepoint-completion')}
  $ echo 'source ~/.savepoint-completion' >> ~/.bashrc    # or ~/.zshrc, after compinit
  $ npx savepoint completion fish > ~/.config/fish/completions/savepoint.fish

It completes the word savepoint: alias savepoint='npx savepoint', or put node_modules/.bin on the PATH.`,
    )
    .action(async (shell: Shell) => {
      process.stdout.write(completionScript(shell, completionWords(await createProgram())));
    });
