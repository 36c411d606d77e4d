import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineError } from '@savepoint/core/errors.ts';
import { type DataDirLock, dataDirInUse, lockDataDir } from './embedded/data-dir-lock.ts';
import { stopLeftoverOf } from './embedded/postgres-cluster.ts';

/** What a local stack makes in DATA_DIR; nothing else there is touched, since it may be somebody's home. */
const ours = [
  'aws',
  'postgres',
  'stack.json',
  'log.jsonl',
  'log.1.jsonl',
  'trouble.json',
  'trouble-now.json',
];

/**
 * Deletes what the local stack keeps.
 * @param agree is asked first, and throws to keep everything.
 * @returns whether there was anything.
 * @throws PipelineError DATA_DIR_IN_USE while a stack runs on it
 */
export async function removeData(dataDir: string, agree: () => Promise<void>): Promise<boolean> {
  const parts = ['aws', 'postgres'].map((part) => join(dataDir, part)).filter((path) => existsSync(path));
  const locks = lockAll(dataDir, parts);
  try {
    if (!ours.some((name) => existsSync(join(dataDir, name)))) return false;
    await agree();
    await stopLeftoverOf(join(dataDir, 'postgres', 'cluster'));
    for (const name of ours) rmSync(join(dataDir, name), { recursive: true, force: true });
    return true;
  } finally {
    for (const lock of locks) lock.release();
  }
}

/** All of them, or none. */
function lockAll(dataDir: string, parts: readonly string[]): DataDirLock[] {
  const locks: DataDirLock[] = [];
  try {
    for (const part of parts) locks.push(lockDataDir(part));
    return locks;
  } catch (error) {
    for (const lock of locks) lock.release();
    throw error instanceof PipelineError && error.code === dataDirInUse ? running(dataDir, error) : error;
  }
}

function running(dataDir: string, cause: PipelineError): PipelineError {
  const { pid = null } = cause.details;
  return new PipelineError(
    dataDirInUse,
    `The local stack of ${dataDir} is running: stop it with Ctrl-C in its terminal${pid ? `, or with kill ${pid},` : ''} and run reset again.`,
    { retryable: false, cause, details: { pid } },
  );
}
