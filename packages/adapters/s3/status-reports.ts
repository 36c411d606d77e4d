import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { mergeStageStatus, StageStatus } from '@savepoint/core/contracts/import-status.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import {
  droppedKey,
  droppedPrefix,
  findDroppedKey,
  placeOf,
  statusKey,
} from '@savepoint/core/contracts/object-key.ts';
import type { ImportStatusStore, StatusReports } from '@savepoint/core/operations/import-status-store.ts';
import { type StageName, stageNames, stages } from '@savepoint/core/topology.ts';
import type { Bucket } from './bucket.ts';
import { isTakenByApi } from './dropped-files.ts';
import { createImportIndex } from './import-index.ts';
import { createJsonObjects, type Known } from './json-object.ts';

/** What stages need of the store: apart, for they load no more than they need. */
export function createStatusReports(bucket: Bucket): StatusReports & Pick<ImportStatusStore, 'placeDropped'> {
  const objects = createJsonObjects(bucket);
  const index = createImportIndex(bucket);
  /** What this process wrote last of each stage at work, which it need not read again to go on. */
  const written = new Map<string, Known<StageStatus>>();
  /** A dropped file was asked for by nobody, so the first stage that meets it says that it is there. */
  const addDropped = async (importId: ImportId, stage: StageName) => {
    if ((await bucket.head(statusKey(importId, 'request'))) !== null) return;
    await index.add(await placeDropped(importId, () => droppedAt(importId, stage)));
  };
  const placeDropped: ImportStatusStore['placeDropped'] = async (importId, at) => {
    for await (const { key } of bucket.list(droppedPrefix(importId), { pageSize: 1 })) {
      const known = findDroppedKey(key);
      if (known) return known;
    }
    const place = { importId, at: await at() };
    await bucket.put(droppedKey(place), '', 'application/octet-stream');
    return place;
  };
  const droppedAt = async (importId: ImportId, stage: StageName): Promise<number> => {
    const { reads } = stages[stage];
    const file = reads && (await bucket.head(printLibraryKey(libraryKeyOf(reads, importId))));
    // Such a file was asked for, too, and the word of that is on its way.
    return !file || isTakenByApi(importId, file) ? placeOf(importId).at : file.writtenAt.getTime();
  };
  return {
    placeDropped,
    async report(importId, status) {
      const key = statusKey(importId, status.stage);
      const known = written.get(key) ?? (isBeginning(status) ? nothing : undefined);
      written.delete(key);
      let isFirst = false;
      let told = status;
      const change = (current: StageStatus | null) => {
        isFirst = current === null;
        told = mergeStageStatus(current, status);
        return told;
      };
      const now = await objects.update(key, StageStatus, change, known);
      if (now && told.status === 'running') written.set(key, now);
      if (isEnd(told)) await index.close(importId);
      else if (isFirst) await addDropped(importId, status.stage);
    },
  };
}

const nothing: Known<StageStatus> = { value: null, eTag: null };
/** Mostly the first that anybody tells of this stage. */
const isBeginning = ({ attempts, status, progress }: StageStatus): boolean =>
  attempts === 1 && status === 'running' && progress === null;

/** Given up, or at the end of the last stage. */
const isEnd = ({ stage, status }: StageStatus): boolean =>
  status === 'failed' || (status === 'completed' && stage === stageNames.at(-1));
