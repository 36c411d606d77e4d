import { type ImportId, parseImportId } from '../contracts/import-id.ts';
import { writeObjectCreated } from '../contracts/object-created.ts';
import { enrichedKey, importIdOfKey, rawKey } from '../contracts/object-key.ts';
import { StorageError } from '../errors.ts';
import type { StageName } from '../topology.ts';

export type RerunPorts = {
  bucket: string;
  hasObject(key: string): Promise<boolean>;
  send(stage: StageName, body: string): Promise<void>;
  now(): Date;
};

export type RerunFrom = 'raw' | 'enriched';
export type Rerun = { import_id: ImportId; stage: StageName; s3_key: string };

const readers = {
  raw: { stage: 'igdb-enrichment', keyOf: rawKey },
  enriched: { stage: 'database-import', keyOf: enrichedKey },
} as const;

/**
 * Runs an import again from a file that it left. The stage gets the message that S3 would send for a new object, so
 * nothing is written and nobody needs the right to write there; all stages behind it follow by themselves.
 * @param named an import id, or the key of a raw or enriched object.
 * @param from which file; of a key its own, else the raw one, or the enriched one where the raw one is gone.
 * @throws ValidationError IMPORT_ID_INVALID, KEY_INVALID; StorageError OBJECT_NOT_FOUND
 */
export async function rerun(named: string, from: RerunFrom | undefined, ports: RerunPorts): Promise<Rerun> {
  const target = readTarget(named);
  const choices: readonly RerunFrom[] = from ? [from] : target.from ? [target.from] : ['raw', 'enriched'];
  for (const choice of choices) {
    const { stage, keyOf } = readers[choice];
    const key = keyOf(target.importId);
    if (!(await ports.hasObject(key))) continue;
    await ports.send(stage, writeObjectCreated(ports.bucket, key, `rerun-${ports.now().toISOString()}`));
    return { import_id: target.importId, stage, s3_key: key };
  }
  const keys = choices.map((choice) => readers[choice].keyOf(target.importId)).join(' nor ');
  throw new StorageError('OBJECT_NOT_FOUND', `There is no ${keys}: it was never written, or has expired.`, {
    retryable: false,
  });
}

function readTarget(named: string): { importId: ImportId; from?: RerunFrom } {
  for (const from of ['raw', 'enriched'] as const)
    if (named.startsWith(`${from}/`)) return { importId: importIdOfKey(from, named), from };
  parseImportId(named);
  return { importId: named };
}
