import { functionNames } from '@savepoint/core/secrets.ts';
import { read } from './markdown.ts';

/** Each line of the threat model names tests that there are. */

const page = read('docs/threat-model.md');
const lines = page.split('\n').filter((line) => /^\| (\*\*|…)/.test(line));
/** `[name](../tests/…) `words of a test`, `more words``, with a remark behind. */
const references = lines.flatMap((line) =>
  [...line.matchAll(/\[[\w-]+\]\(\.\.\/([^)]+)\)((?:,? `[^`]+`)+)/g)].flatMap(([, file = '', named = '']) =>
    [...named.matchAll(/`([^`]+)`/g)].map(([, words = '']) => [file, words] as const),
  ),
);

test('every threat has its test', () => {
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) expect(line).toMatch(/\]\(\.\.\/tests\/[^)]+\) `/);
});

test('of each function it is told what its role could do', () => {
  const [, table = ''] = page.split('## What a stolen role could do');
  const told = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
  expect(told.toSorted()).toEqual([...functionNames].sort());
});

test.each(references)('%s: %s', (file, words) => {
  expect(read(file)).toContain(words);
});
