import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runInTerminal } from '../../tools/terminal/run-in-terminal.ts';
import { screenOf, textOf } from '../../tools/terminal/screen.ts';
import { anonymous, normalised } from './normalised.ts';

/**
 * The first ten minutes of somebody who clones the repository, in terminals of two widths. What stands on the screens is
 * compared with what lies in `screens/`; `--update` writes it there, to be read before it is committed.
 */

const root = resolve(import.meta.dirname, '../..');
const isUpdate = process.argv.includes('--update');
const person = '76561202255200001';

/** What the README and `npm start` suggest, and what somebody tries then; the words behind `npx savepoint`. */
const tried: Record<string, string> = {
  help: '--help',
  'import-wait': 'import savepoint-sample --wait',
  status: 'status',
  library: `library ${person} --max 5`,
  changes: `changes ${person} --max 5`,
  'import-private': 'import savepoint-private --wait',
  'dlq-causes': 'dlq causes',
  'dlq-list': 'dlq list',
  queues: 'queues',
  imports: 'imports',
  'mistyped-command': 'improt',
  'mistyped-option': 'imports --state failed',
};

const directory = mkdtempSync(join(tmpdir(), 'savepoint-first-minutes-'));
const clone = join(directory, 'savepoint');
const differing: string[] = [];

function compare(name: string, columns: number, written: string): void {
  const path = join(import.meta.dirname, 'screens', `${name}.${columns}.txt`);
  const screen = normalised(textOf(screenOf(anonymous(written), columns)));
  if (isUpdate) {
    writeFileSync(path, screen);
    return;
  }
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (screen === expected) return;
  differing.push(`${name} at ${columns} columns`);
  process.stdout.write(`\n${name} at ${columns} columns is\n${screen}\nand was\n${expected}\n`);
}

async function tryOut(columns: number): Promise<void> {
  const variables = { DATA_DIR: join(directory, `data-${columns}`), PORT: '0', AWS_PORT: '0' };
  const run = (command: string) => runInTerminal(command, { columns, cwd: clone, variables });
  compare('demo', columns, await run('npm run --silent demo').ended);
  const stack = run('exec npm start --silent');
  await stack.printed('dead-letters');
  compare('start', columns, stack.written());
  for (const [name, words] of Object.entries(tried))
    compare(name, columns, await run(`npx savepoint ${words}`).ended);
  const { pid } = JSON.parse(readFileSync(join(variables.DATA_DIR, 'stack.json'), 'utf8')) as { pid: number };
  process.kill(pid, 'SIGINT');
  await stack.ended;
}

const startedAt = performance.now();
try {
  execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone]);
  // As `npm ci` has just made them from the same lock file; each package may have some of its own.
  for (const modules of ['node_modules', ...globSync('packages/*/node_modules', { cwd: root })])
    execFileSync('cp', ['-al', join(root, modules), join(clone, modules)]);
  for (const columns of [80, 120]) await tryOut(columns);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - startedAt) / 1000);
if (differing.length > 0) {
  process.stdout.write(`The first minutes look different: ${differing.join(', ')}.\n`);
  process.exit(1);
}
process.stdout.write(`The first minutes look as they should, at 80 and 120 columns (${seconds} s).\n`);
