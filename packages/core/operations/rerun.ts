import { type ImportId, parseImportId } from '../contracts/import-id.ts';
import { libraryKeyOf, parseLibraryKey, printLibraryKey } from '../contracts/library-key.ts';
import { writeObjectCreated } from '../contracts/object-created.ts';
import { StorageError } from '../errors.ts';
import { type LibraryKind, libraryKinds, readerOf, type StageName } from '../topology.ts';
import type { StageQueues } from './stage-queues.ts';

export type RerunPorts = Pick<StageQueues, 'send'> & {
  bucketName: string;
  hasObject(key: string): Promise<boolean>;
  now(): Date;
};

export type Rerun = { import_id: ImportId; stage: StageName; s3_key: string };

/**
 * Runs an import again from a file that it left. The stage gets the message that S3 would send for a new object, so
 * nothing is written and nobody needs the right to write there; all stages behind it follow by themselves.
 * @param named an import id, or the key of a raw or enriched object.
 * @param from which file; of a key its own, else the raw one, or the enriched one where the raw one is gone.
 * @throws ValidationError IMPORT_ID_INVALID, KEY_INVALID; StorageError OBJECT_NOT_FOUND
 */
export async function rerun(named: string, from: LibraryKind | undefined, ports: RerunPorts): Promise<Rerun> {
  const { importId, kind } = named.includes('/')
    ? parseLibraryKey(named)
    : { ...parseImportId(named), kind: undefined };
  const chosen = from ?? kind;
  const candidates = (chosen ? [chosen] : libraryKinds).map((one) => libraryKeyOf(one, importId));
  for (const candidate of candidates) {
    const key = printLibraryKey(candidate);
    if (!(await ports.hasObject(key))) continue;
    const { name: stage } = readerOf(candidate.kind);
    await ports.send(stage, writeObjectCreated(ports.bucketName, key, `rerun-${ports.now().toISOString()}`));
    return { import_id: importId, stage, s3_key: key };
  }
  const keys = candidates.map(printLibraryKey).join(' nor ');
  throw new StorageError('OBJECT_NOT_FOUND', `There is no ${keys}: it was never written, or has expired.`, {
    retryable: false,
  });
}
