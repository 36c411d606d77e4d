import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { type ImportId, importedAtOf, isImportId } from '@savepoint/core/contracts/import-id.ts';
import { ImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { mergeStageRecord, StageRecord } from '@savepoint/core/contracts/import-status.ts';
import { statusKey, statusPrefix } from '@savepoint/core/contracts/object-key.ts';
import type { ImportRecordsPort } from '@savepoint/core/operations/imports.ts';
import { stageNames } from '@savepoint/core/topology.ts';
import { createJsonObjects } from './json-object.ts';
import { toStorageError } from './storage-error.ts';

/** What the API and the stages store of each import: `status/{import_id}/….json`. */
export type ImportRecordStore = ImportRecordsPort & {
  /** Tells what a stage does now; what is stored afterwards follows `mergeStageRecord`. */
  report(importId: ImportId, record: StageRecord): Promise<void>;
};

export function createImportRecords(s3: S3Client, bucket: string): ImportRecordStore {
  const objects = createJsonObjects(s3, bucket);
  return {
    createRequest: (request) => objects.create(statusKey(request.import_id, 'request'), request),
    async report(importId, record) {
      await objects.update(statusKey(importId, record.stage), StageRecord, (current) =>
        mergeStageRecord(current, record),
      );
    },
    async read(importId) {
      const request = await objects.read(statusKey(importId, 'request'), ImportRequest);
      const records = await Promise.all(
        stageNames.map((stage) => objects.read(statusKey(importId, stage), StageRecord)),
      );
      const stored = records.filter((record) => record !== null);
      if (request === null && stored.length === 0) return null;
      return { request, stages: Object.fromEntries(stored.map((record) => [record.stage, record])) };
    },
    async list({ steamId, max }) {
      const prefix = steamId === undefined ? statusPrefix : `${statusPrefix}${steamId}-`;
      const importIds = await listFolders(s3, bucket, prefix);
      return importIds.filter(isImportId).sort(newestFirst).slice(0, max);
    },
  };
}

/** Timestamps of dropped files come in several forms, so the moments count before the letters. */
const newestFirst = (a: ImportId, b: ImportId): number =>
  importedAtOf(b) - importedAtOf(a) || (a < b ? 1 : -1);

/** The names of the folders directly below `status/`, of keys that begin with `prefix`. */
async function listFolders(s3: S3Client, bucket: string, prefix: string): Promise<string[]> {
  const folders: string[] = [];
  let token: string | undefined;
  do {
    const page = await s3
      .send(
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          Delimiter: '/',
          ContinuationToken: token,
        }),
      )
      .catch((error) => Promise.reject(toStorageError(error, prefix)));
    for (const { Prefix = '' } of page.CommonPrefixes ?? [])
      folders.push(Prefix.slice(statusPrefix.length, -1));
    token = page.NextContinuationToken;
  } while (token);
  return folders;
}
