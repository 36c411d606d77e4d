import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type ThrowAwayDirectory = { path: string; dataDir: string; remove(): void };

/**
 * A directory in the temporary folder, with one for data in it, that is gone soon after this process, whatever ends it:
 * a shell beside it reads a pipe of ours, which closes in any case, waits for a PostgreSQL to stop and removes the rest.
 * From now on it is the temporary folder of this process.
 */
export function makeThrowAwayDirectory(name: string): ThrowAwayDirectory {
  const path = mkdtempSync(join(tmpdir(), `${name}-`));
  // As another user, PostgreSQL must walk through it to its programs; only the owner sees what else is there.
  chmodSync(path, 0o711);
  const dataDir = join(path, 'data');
  const shell = spawn(
    '/bin/sh',
    ['-c', watch, 'sh', path, join(dataDir, 'postgres/cluster/postmaster.pid')],
    {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  shell.on('error', () => undefined);
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  process.env.TMPDIR = path;
  return { path, dataDir, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A server that never stops keeps its files for 20 seconds and no longer. */
const watch = `cat >/dev/null
tries=0
while [ -e "$2" ] && [ $tries -lt 200 ]; do sleep 0.1; tries=$((tries + 1)); done
rm -rf "$1"`;
