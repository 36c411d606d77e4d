import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

const portPath = (dataDir: string) => join(dataDir, 'port');

export type ChosenPort = {
  port: number;
  /** The port of the last run, where another program has it now. */
  takenPort?: number;
};

/**
 * The port of the last run while it is free, so that an open psql or a saved URL still works; else any free one.
 * @param firstPort tried at the first run.
 */
export async function choosePort(dataDir: string, firstPort?: number): Promise<ChosenPort> {
  const kept = Number(await readFile(portPath(dataDir), 'utf8').catch(() => '0'));
  const last = Number.isInteger(kept) && kept > 0 && kept < 65_536 ? kept : undefined;
  const wanted = last ?? firstPort;
  if (wanted !== undefined && (await isFree(wanted))) return { port: wanted };
  return { port: (await tryPort(0))!, ...(last !== undefined && { takenPort: last }) };
}

export const keepPort = (dataDir: string, port: number) => writeFile(portPath(dataDir), `${port}\n`);

export const isFree = async (port: number): Promise<boolean> => (await tryPort(port)) !== null;

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const listening = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(listening));
    });
  });
}
