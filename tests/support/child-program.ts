import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type ChildProgram = { process: ChildProcess; firstLine: string };

/**
 * Runs an ES module's source in a Node of its own and waits for the first line that it prints. The caller ends it.
 * `packages` in the source stands for the URL of the packages' directory.
 */
export async function startChildProgram(source: string, nodeFlags: string[] = []): Promise<ChildProgram> {
  const packages = new URL('../../packages', import.meta.url).href;
  const child = spawn(
    process.execPath,
    [...nodeFlags, '--input-type=module', '-e', source.replaceAll('packages/', `${packages}/`)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    },
  );
  const lines = createInterface(child.stdout);
  // An input that ends without a line ends the wait.
  const [firstLine] = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
  if (firstLine === undefined) throw new Error('The program ended before it printed a line.');
  return { process: child, firstLine: String(firstLine) };
}

/** Ends the child the way nothing can prepare for. */
export async function killNow({ process: child }: ChildProgram): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
