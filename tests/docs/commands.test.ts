import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { markdownFiles, read, root } from './markdown.ts';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const commands = globSync('packages/cli/commands/*.ts', { cwd: root }).map((path) => basename(path, '.ts'));

const named = (markdown: string, pattern: RegExp): string[] =>
  [...markdown.matchAll(pattern)].map(([, name]) => name!);

test.each(markdownFiles)('every command that %s names can be run', (path) => {
  const markdown = read(path);
  const unknownScripts = named(markdown, /\bnpm run (?:-s |--silent )?([a-z][\w:-]*)/g).filter(
    (name) => !(name in scripts),
  );
  const unknownCommands = named(markdown, /\bnpx savepoint ([a-z]+)/g).filter(
    (name) => !commands.includes(name),
  );
  expect({ unknownScripts, unknownCommands }).toEqual({ unknownScripts: [], unknownCommands: [] });
});
