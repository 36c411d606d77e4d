import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineError } from '@savepoint/core/errors.ts';
import { type DataDirLock, dataDirInUse, lockDataDir } from './embedded/data-dir-lock.ts';
import { stopLeftoverOf } from './embedded/postgres-cluster.ts';
import { readStackFile } from './stack-file.ts';

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
 * @param agree is asked before anything goes, and throws to keep it all.
 * @returns false where a stack has left nothing, so that nobody was asked and nothing was deleted.
 * @throws PipelineError DATA_DIR_IN_USE while a stack runs on it
 */
export async function removeData(dataDir: string, agree: () => Promise<void>): Promise<boolean> {
  const parts = ['aws', 'postgres'].map((part) => join(dataDir, part)).filter((path) => existsSync(path));
  const locks = lockAll(dataDir, parts);
  try {
    refuseUnlocked(dataDir);
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
    throw error instanceof PipelineError && error.code === dataDirInUse
      ? running(dataDir, error.details.pid ?? null, error)
      : error;
  }
}

/** A stack whose database, S3 and SQS are all somebody's own holds no lock here. */
function refuseUnlocked(dataDir: string): void {
  const stack = readStackFile(dataDir);
  if (stack && !stack.aws_is_embedded) throw running(dataDir, stack.pid);
}

function running(
  dataDir: string,
  pid: PipelineError['details'][string] | null,
  cause?: PipelineError,
): PipelineError {
  return new PipelineError(
    dataDirInUse,
    `The local stack of ${dataDir} is running: stop it with Ctrl-C in its terminal${pid ? `, or with kill ${pid},` : ''} and run reset again.`,
    { retryable: false, cause, details: { pid } },
  );
}
