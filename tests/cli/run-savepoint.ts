import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { programEnvironment } from '../support/program-environment.ts';

export type Answer = { exitCode: number; stdout: string; stderr: string };

const program = resolve(import.meta.dirname, '../../packages/cli/savepoint.js');

/**
 * Runs `savepoint` as a program of its own, without a terminal.
 * @param variables beside PATH and HOME, the whole environment. @param cwd where `.env` and `.sst` are looked for.
 */
export function runSavepoint(
  args: string[],
  variables: Record<string, string>,
  cwd = tmpdir(),
): Promise<Answer> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((done) => {
    execFile(
      process.execPath,
      [program, ...args],
      { cwd, env: { PATH, HOME, ...programEnvironment, ...variables }, timeout: 60_000 },
      (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        done({ exitCode, stdout, stderr });
      },
    );
  });
}

/** What `savepoint … --json` printed; fails unless it did so on stdout alone and ended well. */
export async function readSavepoint<Value>(
  args: string[],
  variables: Record<string, string>,
): Promise<Value> {
  const { exitCode, stdout, stderr } = await runSavepoint([...args, '--json'], variables);
  if (exitCode !== 0) throw new Error(`savepoint ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as Value;
}
