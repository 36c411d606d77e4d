import { classifications, matchStatuses } from '@savepoint/core/contracts/classification.ts';
import { rerunOnly } from '@savepoint/core/contracts/fresh-run.ts';
import { type ImportId, isImportId } from '@savepoint/core/contracts/import-id.ts';
import type { ImportIndex } from '@savepoint/core/operations/import-index.ts';
import type { ImportStatusStore } from '@savepoint/core/operations/import-status-store.ts';
import { findImport } from '@savepoint/core/operations/imports.ts';
import { listApps } from '@savepoint/core/operations/list-apps.ts';
import { listRejects, type OpenObjects } from '@savepoint/core/operations/list-rejects.ts';
import { rerun } from '@savepoint/core/operations/rerun.ts';
import type { StageQueues } from '@savepoint/core/operations/stage-queues.ts';
import { libraryKinds } from '@savepoint/core/topology.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { importNotFound } from './import-not-found.ts';
import { readMax } from './max-parameter.ts';
import { HttpProblem } from './problem.ts';
import { readQuery, refuseQuery } from './query.ts';
import { bodyObject, readBody } from './request-body.ts';

export type ImportFilesPorts = {
  bucketName: string;
  objects: OpenObjects & { list(prefix: string): AsyncIterable<{ key: string }> };
  index: Pick<ImportIndex, 'reopen'>;
  statuses: Pick<ImportStatusStore, 'read'>;
  queues: Pick<StageQueues, 'send'>;
  now(): Date;
};

export const AppsQuery = v.strictObject({
  match_status: v.optional(v.picklist(matchStatuses, `must be one of ${matchStatuses.join(', ')}`)),
  classification: v.optional(v.picklist(classifications, `must be one of ${classifications.join(', ')}`)),
  doubtful: v.optional(v.picklist(['true', 'false'], 'must be true or false')),
  appid: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,10}$/, 'must be the number of an app'), v.transform(Number)),
  ),
  cursor: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,9}$/, 'must be the next_cursor of an answer'), v.transform(Number)),
  ),
  max: v.optional(v.string()),
});

export const RerunBody = bodyObject('{"only": "unmatched"}', {
  from: v.optional(v.picklist(libraryKinds, `must be ${libraryKinds.join(' or ')}`)),
  only: v.optional(v.picklist(rerunOnly, `must be ${rerunOnly.join(' or ')}`)),
  fresh: v.optional(v.boolean('must be true or false')),
});

/** The apps and bad rows of an import's files, and running it again from them. */
export const importFilesHandlers = (ports: ImportFilesPorts) => ({
  async listApps(context: Context) {
    const {
      match_status: matchStatus,
      classification,
      doubtful,
      appid,
      cursor,
    } = readQuery(context, AppsQuery);
    const importId = importIdOf(context);
    const filter = { matchStatus, classification, doubtful: doubtful === 'true', appId: appid };
    const page = { cursor, max: readMax(context, { standard: 100, most: 1000 }) };
    const apps = await listApps(importId, filter, page, ports.objects);
    if (apps === null) throw await nothingOf(importId, ports);
    return context.json(apps);
  },
  async listRejects(context: Context) {
    refuseQuery(context);
    const importId = importIdOf(context);
    const rejects = await listRejects(importId, ports.objects);
    if (rejects.length === 0 && (await findImport(importId, ports.statuses, ports.now())) === null)
      throw importNotFound();
    return context.json({
      rejects: rejects.slice(0, mostRejects).map(({ line, reason, record }) => ({ line, reason, record })),
    });
  },
  async rerun(context: Context) {
    refuseQuery(context);
    const importId = importIdOf(context);
    const hasObject = async (key: string) => {
      for await (const object of ports.objects.list(key)) return object.key === key;
      return false;
    };
    const options = await readBody(context, RerunBody);
    return context.json(
      await rerun(importId, options, { ...ports, hasObject, send: ports.queues.send }),
      202,
    );
  },
});

/** Each has up to 500 letters of its row: an answer has 6 MB. */
const mostRejects = 1000;

/** @throws HttpProblem 404 */
function importIdOf(context: Context): ImportId {
  const text = context.req.param('import_id') ?? '';
  if (isImportId(text)) return text;
  throw importNotFound();
}

async function nothingOf(importId: ImportId, ports: ImportFilesPorts): Promise<HttpProblem> {
  if ((await findImport(importId, ports.statuses, ports.now())) === null) return importNotFound();
  return new HttpProblem(
    404,
    'APPS_NOT_FOUND',
    'This import has no enriched file: it is not enriched yet, or its files have expired.',
  );
}
