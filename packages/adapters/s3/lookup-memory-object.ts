import { type Duplex, pipeline, Readable } from 'node:stream';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { ValidationError } from '@savepoint/core/errors.ts';
import {
  type RememberedApp,
  readLookupMemory,
  writeLookupMemory,
} from '@savepoint/core/contracts/lookup-memory-file.ts';
import { lookupMemoryKey } from '@savepoint/core/contracts/object-key.ts';
import { objectLimits } from '../limits.ts';
import type { Bucket } from './bucket.ts';

/** What all instances of the enrichment learnt, as one object. */
export type LookupMemoryObject = {
  /**
   * What lies there, unless this object has given or written it before: then null, as where there is nothing.
   * @throws StorageError, ValidationError OBJECT_TOO_LARGE, and what zlib throws for bytes that are damaged
   */
  readIfNew(): Promise<readonly RememberedApp[] | null>;
  /**
   * Writes it in place of what was read last.
   * @returns false when somebody else wrote since, whose work must be read first.
   */
  write(apps: readonly RememberedApp[]): Promise<boolean>;
};

export function createLookupMemoryObject(bucket: Bucket): LookupMemoryObject {
  /** Of what was read or written last; null while there is none. */
  let known: string | null = null;
  return {
    async readIfNew() {
      const head = await bucket.head(lookupMemoryKey);
      if (head === null) known = null;
      if (head === null || head.eTag === known) return null;
      const object = await bucket.open(lookupMemoryKey, objectLimits.lookupMemory);
      if (object === null) return null;
      // Whatever is wrong with it, it is read once and then written anew.
      known = object.eTag ?? null;
      return readLookupMemory(unpack(object.body));
    },
    async write(apps) {
      const packed = through(writeLookupMemory(apps), createZstdCompress());
      const bytes = Buffer.concat(await packed.toArray());
      const eTag = await bucket.replace(lookupMemoryKey, bytes, 'application/zstd', known);
      if (eTag === null) return false;
      known = eTag;
      return true;
    },
  };
}

/** @throws ValidationError OBJECT_TOO_LARGE for what unpacks to more than such an object may hold */
async function* unpack(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of through(body, createZstdDecompress())) {
    bytes += chunk.length;
    if (bytes > objectLimits.lookupMemoryText)
      throw new ValidationError('OBJECT_TOO_LARGE', 'What is remembered of apps unpacks to too much.');
    yield chunk;
  }
}

/** Whoever reads the end hears of every failure, and ends everything by reading no more. */
const through = (source: Iterable<string> | AsyncIterable<Uint8Array>, transform: Duplex): Duplex =>
  pipeline(Readable.from(source), transform, () => undefined);
