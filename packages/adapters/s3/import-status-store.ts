import { type ImportId, isImportId, parseImportId } from '@savepoint/core/contracts/import-id.ts';
import { ImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { mergeStageStatus, StageStatus } from '@savepoint/core/contracts/import-status.ts';
import { statusKey } from '@savepoint/core/contracts/object-key.ts';
import type { ImportStatusStore } from '@savepoint/core/operations/import-status-store.ts';
import { prefixes, stageNames } from '@savepoint/core/topology.ts';
import type { Bucket } from './bucket.ts';
import { createJsonObjects } from './json-object.ts';

export function createImportStatusStore(bucket: Bucket): ImportStatusStore {
  const objects = createJsonObjects(bucket);
  return {
    createRequest: (request) => objects.create(statusKey(request.import_id, 'request'), request),
    report: (importId, status) =>
      objects.update(statusKey(importId, status.stage), StageStatus, (current) =>
        mergeStageStatus(current, status),
      ),
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

/** Timestamps of dropped files come in several forms, so the moments count before the letters. */
const newestFirst = (a: ImportId, b: ImportId): number =>
  parseImportId(b).importedAt - parseImportId(a).importedAt || (a < b ? 1 : -1);
