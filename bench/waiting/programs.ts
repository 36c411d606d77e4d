import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { variables } from '@savepoint/functions/runtime/env.ts';

/** The programs that people run, in processes of their own, on simulators and throw-away data. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const requirements = ['--import', join(root, 'packages/local/requirements.js')];

/** Set but empty counts as unset, and wins over `.env`. */
const unset = Object.fromEntries(Object.keys(variables).map((name) => [name, '']));
/** Which is refused when it is empty. */
const { API_TOKEN: _token, ...inherited } = { ...process.env, ...unset };

const start = (words: readonly string[], changes: Record<string, string>): ChildProcess =>
  spawn(process.execPath, words, {
    cwd: root,
    env: { ...inherited, PORT: '0', AWS_PORT: '0', ...changes },
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** @returns seconds from start to exit. @throws Error when it fails */
async function measureProgram(words: readonly string[], changes: Record<string, string>): Promise<number> {
  const startedAt = performance.now();
  const program = start(words, changes);
  program.stdout?.resume();
  const [code] = await once(program, 'exit');
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}.`);
  return (performance.now() - startedAt) / 1000;
}

/** `npm run demo`, without npm. */
export const measureDemo = (): Promise<number> =>
  measureProgram([...requirements, join(root, 'packages/cli/demo.ts')], {});

export type StartTimes = { cold: number; warm: number };

/** `npm start` on an empty data directory and again on what that left. @returns seconds until it says it is ready */
export async function measureStart(): Promise<StartTimes> {
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-bench-'));
  try {
    const ready = () => withStarted(dataDir, {}, async (seconds) => seconds);
    return { cold: await ready(), warm: await ready() };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Runs `work` while `npm start` runs. @param changes of its environment */
export async function withStarted<Result>(
  dataDir: string,
  changes: Record<string, string>,
  work: (readySeconds: number, stack: ChildProcess) => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  const stack = start([...requirements, join(root, 'packages/local/start.ts')], {
    DATA_DIR: dataDir,
    ...changes,
  });
  const exited = once(stack, 'exit');
  const ready = new Promise<number>((resolve) => {
    let printed = '';
    stack.stdout?.on('data', (chunk) => {
      printed = `${printed}${chunk}`.slice(-10_000);
      if (printed.includes('is ready')) resolve((performance.now() - startedAt) / 1000);
    });
  });
  const ended = exited.then((): never => {
    throw new Error('npm start ended before it was ready.');
  });
  ended.catch(() => undefined);
  try {
    return await work(await Promise.race([ready, ended]), stack);
  } finally {
    stack.kill('SIGINT');
    await exited;
  }
}

/** `savepoint`, without npm and npx. */
export const measureCommand = (words: readonly string[], dataDir: string): Promise<number> =>
  measureProgram([join(root, 'packages/cli/savepoint.js'), ...words], { DATA_DIR: dataDir });
