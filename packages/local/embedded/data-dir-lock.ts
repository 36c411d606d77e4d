import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PipelineError } from '@savepoint/core/errors.ts';

/** The code of a directory that another process holds. */
export const dataDirInUse = 'DATA_DIR_IN_USE';

export type DataDirLock = { release(): void };

/** https://www.sqlite.org/rescode.html#busy */
const sqliteBusy = 5;

/** Node closes a database that nobody refers to any more, and the lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Claims `dataDir` (made when missing) for this process until `release`, or until the process ends in any way.
 *
 * The lock is the operating system's own, taken through SQLite, because Node offers none: it falls with its
 * process, so a `kill -9` leaves nothing stale behind and a pid that was given out again cannot be mistaken for
 * the old owner. The pid in `owner.pid` is there for the message alone.
 *
 * @throws PipelineError `DATA_DIR_IN_USE`, naming the process that holds it.
 */
export function lockDataDir(dataDir: string): DataDirLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // People's libraries, and a password: for the owner alone, also where an earlier version made it.
  chmodSync(dataDir, 0o700);
  const ownerPath = join(dataDir, 'owner.pid');
  const database = new DatabaseSync(join(dataDir, 'lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw (cause as { errcode?: number }).errcode === sqliteBusy ? inUse(dataDir, ownerPath, cause) : cause;
  }
  writeFileSync(ownerPath, `${process.pid}\n`);
  held.add(database);
  return {
    release: () => {
      held.delete(database);
      database.close();
    },
  };
}

function inUse(dataDir: string, ownerPath: string, cause: unknown): PipelineError {
  const owner = readOwner(ownerPath);
  return new PipelineError(
    dataDirInUse,
    `${resolve(dataDir)} is in use by ${owner === null ? 'another process' : `process ${owner}`}; ` +
      `stop that one${owner === null ? '' : ` (Ctrl-C in its terminal, or kill ${owner})`} or set DATA_DIR to another directory.`,
    { retryable: false, cause, details: { pid: owner } },
  );
}

function readOwner(ownerPath: string): number | null {
  try {
    const pid = Number(readFileSync(ownerPath, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}
