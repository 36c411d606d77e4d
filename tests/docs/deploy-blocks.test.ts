import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { read, shellBlocksIn } from './markdown.ts';

/**
 * The documented blocks, as somebody pastes them one after another into one shell, where an unset variable is an
 * error. What they call is a stand-in that notes its words; `openssl` and `printf` are the real ones.
 */
const blocks = shellBlocksIn(read('docs/deploy.md'));

const standIns: Record<string, string> = {
  npm: '',
  npx: `case "$*" in
    *' env '*) echo "API='https://api.example'"; echo "API_TOKEN='a-token'"; echo "BUCKET='a-bucket'" ;;
    *'secrets set '*) test -t 0 || cat >>"$CALLS.stdin" ;;
  esac`,
  aws: `case "$*" in sts*) echo 123456789012 ;; *get-secret-value*) echo a-value ;; esac`,
  curl: `printf '{}'`,
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'savepoint-blocks-'));
  for (const [name, does] of Object.entries(standIns)) {
    const file = join(directory, name);
    // Blanks inside of a word are told from those between words; an empty word is seen.
    await writeFile(
      file,
      `#!/bin/sh\n{ printf '%s' ${name}; printf ' [%s]' "$@"; echo; } >>"$CALLS"\n${does}\n`,
    );
    await chmod(file, 0o755);
  }
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function run(shell: string, script: string): Promise<{ exitCode: number; stderr: string }> {
  const flags = shell === 'zsh' ? ['-f'] : ['--norc'];
  const env = {
    PATH: `${directory}:/usr/bin:/bin`,
    HOME: directory,
    CALLS: join(directory, 'calls'),
  };
  return new Promise((done) => {
    const child = execFile(
      shell,
      [...flags, '-eu', '-s'],
      { cwd: directory, env, timeout: 30_000 },
      (error, _, stderr) => done({ exitCode: error === null ? 0 : Number(error.code ?? -1), stderr }),
    );
    child.stdin?.end(script);
  });
}

const isThere = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;
const shells = ['bash', 'zsh'].filter((shell) => {
  const there = isThere(shell);
  if (!there) console.warn(`${shell} is not installed: the documented blocks were NOT tried in it`);
  return there;
});

test.each(shells)('every block of docs/deploy.md runs in %s as it stands', async (shell) => {
  // Each must leave stdin, from which the shell reads the next, alone.
  const script = blocks.map((block) => `{\n${block}\n} </dev/null\n`).join('');
  expect(await run(shell, script)).toEqual({ exitCode: 0, stderr: '' });
  const calls = await readFile(join(directory, 'calls'), 'utf8');
  expect(calls).not.toContain('[]');
  expect(calls.split('\n').slice(0, 8)).toEqual([
    'npm [ci]',
    'npx [savepoint] [deploy:check] [--stage] [dev]',
    'npx [sst] [deploy] [--stage] [dev]',
    'npx [savepoint] [secrets] [set] [--stage] [dev]',
    'npx [savepoint] [migrate] [--stage] [dev]',
    'npx [savepoint] [import] [76561197960287930] [--wait] [--stage] [dev]',
    'npx [savepoint] [env] [--stage] [dev]',
    'curl [-X] [POST] [https://api.example/imports] [-H] [Authorization: Bearer a-token] [-H] [Content-Type: application/json] [-d] [{"steam_id": "76561197960287930"}]',
  ]);
  expect(calls).toContain('[arn:aws:sqs:eu-central-1:123456789012:savepoint-dev-igdb-enrichment-dlq]');
  const stored = await readFile(join(directory, 'calls.stdin'), 'utf8');
  const [, rotated, final] = /^([0-9a-f]{64}),a-token([0-9a-f]{64})(?:a-value\n){4}$/.exec(stored) ?? [];
  expect(rotated).toBeDefined();
  expect(final).toBe(rotated);
  expect(calls).toContain('[--recursive] [s3://a-bucket/overrides/] [s3://a-bucket/overrides/]');
});

test('no block holds a comment, which zsh takes for a command when it is pasted', () => {
  expect(blocks.flatMap((block) => block.split('\n')).filter((line) => /(^|\s)#/.test(line))).toEqual([]);
});
