import { type RerunOnly, runOf } from '../contracts/fresh-run.ts';
import { type ImportId, parseImportId } from '../contracts/import-id.ts';
import { libraryKeyOf, parseLibraryKey, printLibraryKey } from '../contracts/library-key.ts';
import { writeObjectCreated } from '../contracts/object-created.ts';
import { StorageError, ValidationError } from '../errors.ts';
import { type LibraryKind, libraryKinds, readerOf, type StageName } from '../topology.ts';
import type { ImportIndex } from './import-index.ts';
import type { StageQueues } from './stage-queues.ts';

export type RerunPorts = Pick<StageQueues, 'send'> & {
  bucketName: string;
  hasObject(key: string): Promise<boolean>;
  index: Pick<ImportIndex, 'reopen'>;
  now(): Date;
};

export type Rerun = { import_id: ImportId; stage: StageName; s3_key: string };

/** `from`: which file; of a key its own, else the raw one, or the enriched one where the raw one is gone. */
export type RerunOptions = {
  from?: LibraryKind | undefined;
  /** Asks Steam's store and IGDB about every app, whatever is remembered of it. */
  fresh?: boolean | undefined;
  /** Asks IGDB again, but about those apps alone; `fresh` beside it asks for no more. */
  only?: RerunOnly | undefined;
};
/**
 * Runs an import again from a file that it left. The stage gets the message that S3 would send for a new object, so
 * nothing is written and nobody needs the right to write there; all stages behind it follow by themselves.
 * @param named an import id, or the key of a raw or enriched object.
 * @throws ValidationError IMPORT_ID_INVALID, KEY_INVALID, FRESH_NEEDS_RAW; StorageError OBJECT_NOT_FOUND
 */
export async function rerun(named: string, options: RerunOptions, ports: RerunPorts): Promise<Rerun> {
  const { importId, kind } = named.includes('/')
    ? parseLibraryKey(named)
    : { ...parseImportId(named), kind: undefined };
  // Only enrichment asks anybody.
  const asks = options.fresh || options.only !== undefined;
  const chosen = options.from ?? kind ?? (asks ? 'raw' : undefined);
  if (asks && chosen === 'enriched') throw nothingToAsk();
  const candidates = (chosen ? [chosen] : libraryKinds).map((one) => libraryKeyOf(one, importId));
  for (const candidate of candidates) {
    const key = printLibraryKey(candidate);
    if (!(await ports.hasObject(key))) continue;
    const { name: stage } = readerOf(candidate.kind);
    await ports.index.reopen([importId]);
    await ports.send(stage, writeObjectCreated(ports.bucketName, key, runOf(ports.now(), options)));
    return { import_id: importId, stage, s3_key: key };
  }
  const keys = candidates.map(printLibraryKey).join(' nor ');
  throw new StorageError('OBJECT_NOT_FOUND', `There is no ${keys}: it was never written, or has expired.`, {
    retryable: false,
  });
}

const nothingToAsk = () =>
  new ValidationError(
    'FRESH_NEEDS_RAW',
    'Only a run from the raw file asks Steam and IGDB: leave out --from enriched, or --fresh and --only.',
  );
