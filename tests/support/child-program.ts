import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { programEnvironment } from './program-environment.ts';

export type ChildProgram = { process: ChildProcess; firstLine: string };

const root = resolve(import.meta.dirname, '../..');

/** Runs an ES module's source in a Node of its own and waits for the first line that it prints. The caller ends it. */
export async function startChildProgram(source: string, nodeFlags: string[] = []): Promise<ChildProgram> {
  const child = spawn(process.execPath, [...nodeFlags, '--input-type=module', '-e', source], {
    // From here the packages are found by their names.
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...programEnvironment, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  });
  const lines = createInterface(child.stdout);
  // An input that ends without a line ends the wait.
  const [firstLine] = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
  if (firstLine === undefined) throw new Error('The program ended before it printed a line.');
  return { process: child, firstLine: String(firstLine) };
}

/** Ends the child the way nothing can prepare for. */
export async function killNow({ process: child }: ChildProgram): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
