import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { completionScript, type Shell } from '@savepoint/cli/completion/scripts.ts';
import { completionWords } from '@savepoint/cli/completion/words.ts';
import { createProgram } from '@savepoint/cli/program.ts';

const known = completionWords(await createProgram());

/** How a shell that takes no keys is asked what it would offer behind these words. */
const questions: Record<Shell, (words: string[]) => string> = {
  bash: (words) =>
    `COMP_WORDS=(${quoted(words)}); COMP_CWORD=${words.length - 1}; _savepoint; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (words) => `words=(${quoted(words)}); CURRENT=${words.length}; _savepoint`,
  fish: (words) => `complete --do-complete "${words.join(' ')}"`,
};
const before: Record<Shell, string> = {
  bash: '',
  // What zsh brings only while somebody types: it would keep what fits.
  zsh: `compdef() { :; }; compadd() { shift; printf '%s\\n' "$@" | grep -e "^\${words[CURRENT]}"; }\n`,
  fish: '',
};
const quoted = (words: string[]) => words.map((word) => `'${word}'`).join(' ');

async function offered(shell: Shell, words: string[]): Promise<string[]> {
  const flags = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] }[shell];
  const script = `${before[shell]}${completionScript(shell, known)}\n${questions[shell](words)}`;
  const { stdout } = await promisify(execFile)(shell, [...flags, '-c', script]);
  return stdout.split('\n').filter(Boolean);
}

const shells = (['bash', 'zsh', 'fish'] as const).filter((shell) => {
  const there = spawnSync(shell, ['-c', 'exit 0']).status === 0;
  if (!there && process.env.GITHUB_ACTIONS && shell !== 'fish') throw new Error(`${shell} is not installed`);
  if (!there) console.warn(`${shell} is not installed: completion was NOT tried in it`);
  return there;
});

test.each(shells)('%s offers what may follow', async (shell) => {
  expect(await offered(shell, ['savepoint', 'imp'])).toEqual(['import', 'imports']);
  expect(await offered(shell, ['savepoint', '--stage', 'dev', 'dlq', 're'])).toEqual(['redrive']);
  expect(await offered(shell, ['savepoint', 'dlq', 'redrive', '--dr'])).toEqual(['--dry-run']);
  expect(await offered(shell, ['savepoint', 'imports', '--status', 'q'])).toEqual(['queued']);
  expect(await offered(shell, ['savepoint', 'simulate', 'igdb'])).toEqual(['igdb-429', 'igdb-down']);
});

test('the script knows every command', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    for (const { path } of known.words) expect(completionScript(shell, known)).toContain(`'${path}'`);
});
