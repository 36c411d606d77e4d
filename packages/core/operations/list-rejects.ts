import type { Reject } from '../contracts/csv.ts';
import type { ImportId } from '../contracts/import-id.ts';
import { libraryKeyOf, printLibraryKey } from '../contracts/library-key.ts';
import { rejectsKey } from '../contracts/object-key.ts';
import { readRejects } from '../contracts/rejects.ts';
import { libraryKinds } from '../topology.ts';

/** Null when there is no such object. */
export type OpenObjects = { open(key: string): Promise<{ body: AsyncIterable<Uint8Array> } | null> };

/** `s3_key`: the file that has the bad row. */
export type RejectOfFile = Reject & { s3_key: string };

/** The bad rows of an import's files, raw ones first; of each file the first 10,000. */
export async function listRejects(importId: ImportId, objects: OpenObjects): Promise<RejectOfFile[]> {
  const all: RejectOfFile[] = [];
  for (const kind of libraryKinds) {
    const key = libraryKeyOf(kind, importId);
    const file = await objects.open(rejectsKey(key));
    if (file === null) continue;
    const s3Key = printLibraryKey(key);
    all.push(...(await readRejects(file.body)).map((reject) => ({ s3_key: s3Key, ...reject })));
  }
  return all;
}
