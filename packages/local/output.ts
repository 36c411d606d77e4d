/**
 * Resolves when nobody reads our output any more (`| head -3`) or it can not be written (a full disk). Without this
 * the process would die of it wherever it happens to be.
 * @returns why, as the system's code: EPIPE, ENOSPC.
 */
export function outputEnds(): Promise<string> {
  process.stderr.on('error', () => undefined);
  return new Promise((resolve) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

export const outputEnded = (code: string): string =>
  code === 'EPIPE' ? 'Nobody reads the output any more.' : `The output can not be written (${code}).`;
