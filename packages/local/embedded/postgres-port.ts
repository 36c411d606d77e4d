import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

const portPath = (dataDir: string) => join(dataDir, 'port');

/** The port of the last run while it is free, so that an open psql or a saved URL still works; else any free one. */
export async function choosePort(dataDir: string): Promise<number> {
  const last = Number(await readFile(portPath(dataDir), 'utf8').catch(() => '0'));
  if (Number.isInteger(last) && last > 0 && last < 65_536 && (await isFree(last))) return last;
  return (await tryPort(0))!;
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
