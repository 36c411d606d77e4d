import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { LibraryFiles } from '@savepoint/core/stages/library-files.ts';

const pieceBytes = 64 * 1024;

/**
 * Runs `work` with library files of which this one lies on this machine's disk: it can be read at any pace and again,
 * and no wait for the network falls into what `work` does while it reads, such as a load that holds the lock.
 * A library file has 256 MiB at the most, half of a function's disk.
 * @throws what `openLibrary` throws, before `work` begins; and what `work` throws.
 */
export async function withHeldLibrary<Result>(
  files: LibraryFiles,
  key: LibraryKey,
  work: (files: LibraryFiles) => Promise<Result>,
): Promise<Result> {
  const held = await openNameless();
  try {
    for await (const chunk of await files.openLibrary(key)) await held.appendFile(chunk);
    return await work({ ...files, openLibrary: async () => readFromStart(held) });
  } finally {
    await held.close();
  }
}

/** Several readers at once do not disturb each other. */
async function* readFromStart(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** A file without a name: the system removes it when it is closed, even by the death of the process. */
async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `savepoint-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  await rm(path);
  return handle;
}
