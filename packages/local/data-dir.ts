import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PipelineError } from '@savepoint/core/errors.ts';

const ourEntries = ['aws', 'postgres'];

/**
 * Makes DATA_DIR for its owner's eyes alone, as everything that this process writes from now on. A directory that was
 * there stays as open as it is unless it is ours: it may be somebody's home, or /tmp.
 * @throws PipelineError DATA_DIR_UNUSABLE
 */
export function prepareDataDir(dataDir: string): void {
  process.umask(0o077);
  try {
    makeDirectory(resolve(dataDir));
    rmdirSync(mkdtempSync(join(dataDir, '.writable-')));
    const entries = readdirSync(dataDir);
    const isOurs = entries.length === 0 || ourEntries.some((entry) => entries.includes(entry));
    if (isOurs && statSync(dataDir).uid === process.getuid?.()) chmodSync(dataDir, 0o700);
  } catch (error) {
    throw explainDataDirError(error, dataDir);
  }
}

/** Step by step: asked to make all of a path, Node never comes back from where the system makes nothing (`/proc`). */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}

/** What the system, and SQLite by its result codes, say of a place where nothing can be kept. */
const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file',
  ENOTDIR: 'it, or a directory above it, is a file',
  ENOENT: 'it cannot be made there',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it cannot be written to',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  SQLITE_8: 'it cannot be written to',
  SQLITE_10: 'the disk cannot be read or written',
  SQLITE_13: 'the disk is full',
  SQLITE_14: 'this user may not write there',
};

/** A failure to keep something as a sentence: DATA_DIR_UNUSABLE. Any other error comes back as it is. */
export function explainDataDirError(error: unknown, dataDir: string): unknown {
  const { code = '', errcode } = (error ?? {}) as { code?: string; errcode?: number };
  const reason = reasons[errcode === undefined ? code : `SQLITE_${errcode & 0xff}`];
  if (reason === undefined || error instanceof PipelineError) return error;
  return new PipelineError(
    'DATA_DIR_UNUSABLE',
    `Nothing can be stored in ${dataDir}: ${reason}. Fix that, or set DATA_DIR to another directory.`,
    { retryable: false, cause: error },
  );
}
