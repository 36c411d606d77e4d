import { spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';

/**
 * Resolves when nobody reads our output any more (`| head -3`) or it cannot be written (a full disk). Without this
 * the process would die of it wherever it happens to be.
 * @returns why, as the system's code: EPIPE, ENOSPC.
 */
export function outputEnds(): Promise<string> {
  process.stderr.on('error', () => undefined);
  return new Promise((resolve) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    if (fstatSync(process.stdout.fd).isFIFO()) watchReader(() => resolve('EPIPE'));
  });
}

/**
 * Node notices only at its next line that nobody reads a pipe. GNU's tail watches for that while it waits, and dies of
 * it; another tail dies of something else or waits, and then the next line has to do.
 */
function watchReader(onGone: () => void): void {
  const tail = spawn('tail', [`--pid=${process.pid}`, '-f', '/dev/null'], {
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  tail.on('error', () => undefined);
  tail.on('exit', (_code, signal) => signal === 'SIGPIPE' && onGone());
  tail.unref();
  process.on('exit', () => tail.kill());
}

export const outputEnded = (code: string): string =>
  code === 'EPIPE' ? 'Nothing reads the output any more.' : `The output cannot be written (${code}).`;
