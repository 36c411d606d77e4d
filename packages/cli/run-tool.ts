import { spawn } from 'node:child_process';
import { CommandFailure, exitCodes } from './failure.ts';

/**
 * Runs a program of somebody else in this terminal, to its end. Ctrl-C is its own affair.
 * @returns its exit code.
 * @throws CommandFailure when it is not installed
 */
export async function runTool(
  program: string,
  args: readonly string[],
  variables: Record<string, string>,
  missing: string,
): Promise<number> {
  const ignore = () => undefined;
  process.on('SIGINT', ignore);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...variables } });
      child.on('error', (error: NodeJS.ErrnoException) =>
        reject(error.code === 'ENOENT' ? new CommandFailure(exitCodes.usage, missing) : error),
      );
      child.on('exit', (code) => resolve(code ?? exitCodes.interrupted));
    });
  } finally {
    process.off('SIGINT', ignore);
  }
}
