import { type ImportId, isImportId, parseImportId } from '@savepoint/core/contracts/import-id.ts';
import { ImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { StageStatus } from '@savepoint/core/contracts/import-status.ts';
import { findDroppedKey, type Place, placeOf, statusKey } from '@savepoint/core/contracts/object-key.ts';
import type { ImportStatusStore } from '@savepoint/core/operations/import-status-store.ts';
import { prefixes, stageNames } from '@savepoint/core/topology.ts';
import type { Bucket } from './bucket.ts';
import { createImportIndex } from './import-index.ts';
import { createJsonObjects } from './json-object.ts';
import { createStatusReports } from './status-reports.ts';

export function createImportStatusStore(bucket: Bucket): ImportStatusStore {
  const objects = createJsonObjects(bucket);
  const index = createImportIndex(bucket);
  return {
    ...createStatusReports(bucket),
    async createRequest(request) {
      const isNew = await objects.create(statusKey(request.import_id, 'request'), request);
      // Before anybody may send it: what is on its way can be found.
      if (isNew) await index.add(placeOf(request.import_id));
      return isNew;
    },
    async read(importId) {
      const [request, ...statuses] = await Promise.all([
        objects.read(statusKey(importId, 'request'), ImportRequest),
        ...stageNames.map((stage) => objects.read(statusKey(importId, stage), StageStatus)),
      ]);
      const stored = statuses.filter((status) => status !== null);
      if (request === null && stored.length === 0) return null;
      return { request, stages: Object.fromEntries(stored.map((status) => [status.stage, status])) };
    },
    async listPlaces(steamId) {
      const places = new Map<ImportId, Place>();
      for await (const { key } of bucket.list(`${prefixes.status}${steamId}-`)) {
        const dropped = findDroppedKey(key);
        const [name = ''] = key.slice(prefixes.status.length).split('/');
        const place = dropped ?? (isImportId(name) && !places.has(name) ? placeOf(name) : undefined);
        if (place) places.set(place.importId, place);
      }
      return [...places.values()].sort((a, b) => b.at - a.at || (a.importId < b.importId ? 1 : -1));
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
