import type { Command, Option } from 'commander';

/** What may be typed behind the words of a command; `path` is empty for the program itself. */
export type WordsOf = { path: string; words: string[] };
/** An option, or an argument of a command, that takes one of a few values. */
export type ChoicesOf = { after: string; choices: string[] };

/** All that the program and its commands understand. */
export function completionWords(program: Command): { words: WordsOf[]; choices: ChoicesOf[] } {
  const words: WordsOf[] = [];
  const choices = new Map<string, string[]>();
  const globals = optionWords(program.options);
  const walk = (command: Command, path: string) => {
    for (const { long, argChoices } of command.options) if (long && argChoices) choices.set(long, argChoices);
    words.push({
      path,
      words: [
        ...command.commands.map((one) => one.name()),
        ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
        ...optionWords(command.options),
        ...(path === '' ? ['help'] : globals),
        '--help',
      ],
    });
    for (const one of command.commands) walk(one, path === '' ? one.name() : `${path} ${one.name()}`);
  };
  walk(program, '');
  return { words, choices: [...choices].map(([after, values]) => ({ after, choices: values })) };
}

const optionWords = (options: readonly Option[]): string[] =>
  options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : []));
