import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import {
  type RememberedApp,
  readLookupMemory,
  writeLookupMemory,
} from '@savepoint/core/contracts/lookup-memory-file.ts';
import { lookupMemoryKey } from '@savepoint/core/contracts/object-key.ts';
import { objectLimits } from '../limits.ts';
import type { Bucket } from './bucket.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

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
      const chunks: Uint8Array[] = [];
      for await (const chunk of object.body) chunks.push(chunk);
      const text = await decompress(Buffer.concat(chunks), {
        maxOutputLength: objectLimits.lookupMemoryText,
      });
      return readLookupMemory(text.toString());
    },
    async write(apps) {
      const bytes = await compress(Buffer.from(writeLookupMemory(apps)));
      const eTag = await bucket.replace(lookupMemoryKey, bytes, 'application/zstd', known);
      if (eTag === null) return false;
      known = eTag;
      return true;
    },
  };
}
