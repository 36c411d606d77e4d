import { createProgram } from '@savepoint/cli/program.ts';
import { markdownFiles, read } from './markdown.ts';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const program = await createProgram();
const commands = program.commands.map((command) => command.name());

const named = (markdown: string, pattern: RegExp): string[] =>
  [...markdown.matchAll(pattern)].map(([, name]) => name!);

test.each(markdownFiles)('every command that %s names can be run', (path) => {
  const markdown = read(path);
  const unknownScripts = named(markdown, /\bnpm run (?:-s |--silent )?([a-z][\w:-]*)/g).filter(
    (name) => !(name in scripts),
  );
  const unknownCommands = named(markdown, /\bnpx savepoint ([a-z]+(?::[a-z]+)?)/g).filter(
    (name) => !commands.includes(name),
  );
  expect({ unknownScripts, unknownCommands }).toEqual({ unknownScripts: [], unknownCommands: [] });
});
