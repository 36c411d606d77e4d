import type { Readable } from 'node:stream';
import { ValidationError } from '@savepoint/core/errors.ts';
import { within } from '../within.ts';
import { toStorageError } from './storage-error.ts';

export type BodyPatience = {
  /** For the next bytes. */
  idleSeconds: number;
  /** For all of them together; the time that the reader takes between them does not count. */
  bodySeconds: number;
};

/**
 * The bytes of an object as they arrive. A connection that breaks or falls silent is a failure of the storage, not of
 * the file.
 * @throws StorageError STORAGE_UNAVAILABLE, ValidationError OBJECT_TOO_LARGE
 */
export async function* readBody(
  body: Readable,
  { key, maxBytes, patience }: { key: string; maxBytes: number; patience: BodyPatience },
): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  let bytes = 0;
  let leftSeconds = patience.bodySeconds;
  try {
    for (;;) {
      const askedAt = performance.now();
      const next = await within(Math.min(patience.idleSeconds, leftSeconds), chunks.next());
      if (next.done) return;
      leftSeconds -= (performance.now() - askedAt) / 1000;
      bytes += next.value.length;
      if (bytes > maxBytes) throw tooLarge(key, maxBytes);
      yield next.value;
    }
  } catch (error) {
    throw toStorageError(error, key);
  } finally {
    body.destroy();
  }
}

const tooLarge = (key: string, maxBytes: number) =>
  new ValidationError(
    'OBJECT_TOO_LARGE',
    `“${key}” has more than the ${maxBytes / 1024 / 1024} MiB that such an object may have: look at what it holds, and delete it if it is no use.`,
    { details: { key } },
  );
