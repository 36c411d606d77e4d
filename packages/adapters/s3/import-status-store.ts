import { type ImportId, isImportId, parseImportId } from '@savepoint/core/contracts/import-id.ts';
import { ImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { mergeStageStatus, StageStatus } from '@savepoint/core/contracts/import-status.ts';
import { statusKey } from '@savepoint/core/contracts/object-key.ts';
import type { ImportStatusStore } from '@savepoint/core/operations/import-status-store.ts';
import { prefixes, stageNames } from '@savepoint/core/topology.ts';
import type { Bucket } from './bucket.ts';
import { createImportIndex } from './import-index.ts';
import { createJsonObjects, type Known } from './json-object.ts';

export function createImportStatusStore(bucket: Bucket): ImportStatusStore {
  const objects = createJsonObjects(bucket);
  const index = createImportIndex(bucket);
  /** What this process wrote last of each stage at work, which it need not read again to go on. */
  const written = new Map<string, Known<StageStatus>>();
  /** A dropped file was asked for by nobody, so the first stage that meets it says that it is there. */
  const addDropped = async (importId: ImportId) => {
    if ((await bucket.head(statusKey(importId, 'request'))) === null) await index.add(importId);
  };
  return {
    async createRequest(request) {
      const isNew = await objects.create(statusKey(request.import_id, 'request'), request);
      // Before anybody may send it: what is on its way can be found.
      if (isNew) await index.add(request.import_id);
      return isNew;
    },
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
      else if (isFirst) await addDropped(importId);
    },
    async read(importId) {
      const request = await objects.read(statusKey(importId, 'request'), ImportRequest);
      const statuses = await Promise.all(
        stageNames.map((stage) => objects.read(statusKey(importId, stage), StageStatus)),
      );
      const stored = statuses.filter((status) => status !== null);
      if (request === null && stored.length === 0) return null;
      return { request, stages: Object.fromEntries(stored.map((status) => [status.stage, status])) };
    },
    async list({ steamId, max }) {
      const prefix = steamId === undefined ? prefixes.status : `${prefixes.status}${steamId}-`;
      const importIds: ImportId[] = [];
      for await (const folder of bucket.listFolders(prefix)) {
        const name = folder.slice(prefixes.status.length, -1);
        if (isImportId(name)) importIds.push(name);
      }
      return importIds.sort(newestFirst).slice(0, max);
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

/** Timestamps of dropped files come in several forms, so the moments count before the letters. */
const newestFirst = (a: ImportId, b: ImportId): number =>
  parseImportId(b).importedAt - parseImportId(a).importedAt || (a < b ? 1 : -1);
