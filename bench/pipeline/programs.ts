import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { variables } from '@savepoint/functions/runtime/env.ts';

/** The programs that people run, in processes of their own, on simulators and throw-away data. */

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Set but empty counts as unset, and wins over `.env`. */
const unset = Object.fromEntries(Object.keys(variables).map((name) => [name, '']));

function start(program: string, changes: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [join(root, 'packages/local', program)], {
    cwd: root,
    env: { ...process.env, ...unset, API_TOKEN: '', PORT: '0', ...changes },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** `npm run demo`, without npm. @returns seconds from start to exit */
export async function measureDemo(): Promise<number> {
  const startedAt = performance.now();
  const demo = start('demo.ts', {});
  demo.stdout?.resume();
  const [code] = await once(demo, 'exit');
  if (code !== 0) throw new Error(`The demo ended with ${code}.`);
  return (performance.now() - startedAt) / 1000;
}

/** `npm start` on an empty data directory and again on what that left. @returns seconds until it says it is ready */
export async function measureStart(): Promise<{ cold: number; warm: number }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-bench-'));
  try {
    return { cold: await measureOneStart(dataDir), warm: await measureOneStart(dataDir) };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureOneStart(dataDir: string): Promise<number> {
  const startedAt = performance.now();
  const stack = start('start.ts', { DATA_DIR: dataDir });
  const exited = once(stack, 'exit');
  const ready = new Promise<number>((resolve) => {
    let printed = '';
    stack.stdout?.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('is ready')) resolve((performance.now() - startedAt) / 1000);
    });
  });
  const ended = exited.then((): never => {
    throw new Error('npm start ended before it was ready.');
  });
  ended.catch(() => undefined);
  const elapsed = await Promise.race([ready, ended]);
  stack.kill('SIGINT');
  await exited;
  return elapsed;
}
