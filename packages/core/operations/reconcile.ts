import { type ImportId, importedAtOf } from '../contracts/import-id.ts';
import type { ImportRecords, StageRecord } from '../contracts/import-status.ts';
import { writeObjectCreated } from '../contracts/object-created.ts';
import { enrichedKey, importIdOfKey, rawKey } from '../contracts/object-key.ts';
import {
  maxReceiveCount,
  type StageName,
  stageNames,
  stages,
  visibilityTimeoutSeconds,
} from '../topology.ts';
import type { ImportRecordsPort } from './imports.ts';

/**
 * Finds imports that stand still because a message never came: S3 announces nearly every object, not each. What a
 * stage has in hand, what waits for its next attempt and what was given up is left alone.
 */

export type ReconcilePorts = {
  bucket: string;
  /** Every object below a prefix. */
  objects: { list(prefix: string): AsyncIterable<{ key: string; writtenAt: Date }> };
  records: Pick<ImportRecordsPort, 'list' | 'read'>;
  queues: {
    /** `waiting`: messages that nobody has received yet. */
    depths(): Promise<readonly { stage: StageName; waiting: number }[]>;
    send(stage: StageName, body: string): Promise<void>;
  };
  deadLetters: { list(stage: StageName): Promise<readonly { import_id: ImportId | null }[]> };
  now(): Date;
};

/** An import that misses a stage. */
export type Gap = {
  import_id: ImportId;
  /** The stage that did not run. */
  stage: StageName;
  /** What that stage should have read; null for a request. */
  s3_key: string | null;
  /** Since when it lies there, ISO 8601. */
  since: string;
};
/** `reason`: why it is not queued now. */
export type PostponedGap = Gap & { reason: 'dead_letter' | 'queue_busy' };
export type Reconciliation = { queued: Gap[]; postponed: PostponedGap[] };

export type ReconcileOptions = {
  /** S3 may take minutes to announce an object; what is younger is not missed yet. */
  olderThanSeconds: number;
  /** What is older was looked at by earlier runs. Undefined: everything. */
  newerThanSeconds?: number;
  dryRun: boolean;
};

/** Queues what is missing, unless it is a dry run. @returns what was found either way. */
export async function reconcile(ports: ReconcilePorts, options: ReconcileOptions): Promise<Reconciliation> {
  const { queued, postponed } = await sortOut(await findGaps(ports, options), ports);
  if (!options.dryRun) for (const gap of queued) await ports.queues.send(gap.stage, messageFor(gap, ports));
  return { queued: queued.map(({ request: _request, ...gap }) => gap), postponed };
}

type FoundGap = Gap & { request: ImportRecords['request'] };
/** When an import's files were written. */
type Files = { raw?: Date; enriched?: Date };

/** Imports are read so many at once. */
const readAtOnce = 20;

async function findGaps(ports: ReconcilePorts, options: ReconcileOptions): Promise<FoundGap[]> {
  const now = ports.now();
  const pending = [...(await collectImports(ports))].filter(([importId, files]) =>
    isWithin(files.enriched ?? files.raw ?? new Date(importedAtOf(importId)), now, {
      ...options,
      olderThanSeconds: 0,
    }),
  );
  const gaps: FoundGap[] = [];
  const work = async () => {
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [importId, files] = next;
      const gap = gapOf(importId, files, await ports.records.read(importId), now);
      if (gap && isWithin(new Date(gap.since), now, options)) gaps.push(gap);
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, work));
  return gaps.sort((a, b) => a.since.localeCompare(b.since));
}

async function collectImports(ports: ReconcilePorts): Promise<Map<ImportId, Files>> {
  const imports = new Map<ImportId, Files>();
  for (const importId of await ports.records.list({ max: Infinity })) imports.set(importId, {});
  for (const kind of ['raw', 'enriched'] as const) {
    for await (const { key, writtenAt } of ports.objects.list(`${kind}/`)) {
      const importId = importIdOf(kind, key);
      if (importId !== null) imports.set(importId, { ...imports.get(importId), [kind]: writtenAt });
    }
  }
  return imports;
}

/** Null for a name that belongs to no import: the stage itself reports that as a permanent failure. */
function importIdOf(kind: 'raw' | 'enriched', key: string): ImportId | null {
  try {
    return importIdOfKey(kind, key);
  } catch {
    return null;
  }
}

function isWithin(
  at: Date,
  now: Date,
  { olderThanSeconds, newerThanSeconds = Infinity }: ReconcileOptions,
): boolean {
  const ageSeconds = (now.getTime() - at.getTime()) / 1000;
  return ageSeconds >= olderThanSeconds && ageSeconds <= newerThanSeconds;
}

/** The first stage that should have run by now and did not: those behind it follow by themselves. */
function gapOf(importId: ImportId, files: Files, records: ImportRecords | null, now: Date): FoundGap | null {
  const { raw, enriched } = files;
  const { request = null, stages: told = {} } = records ?? {};
  const gap = (stage: StageName, s3_key: string | null, since: Date): FoundGap => ({
    import_id: importId,
    stage,
    s3_key,
    since: since.toISOString(),
    request,
  });
  const fetched = told['steam-import'];
  if (request && !raw && fetched?.status !== 'completed' && !isInHand(fetched, new Date(0), now))
    return gap('steam-import', null, new Date(request.requested_at));
  if (raw && !enriched && !isInHand(told['igdb-enrichment'], raw, now))
    return gap('igdb-enrichment', rawKey(importId), raw);
  if (raw && enriched && enriched < raw && !isDone(told['igdb-enrichment'], raw, now))
    return gap('igdb-enrichment', rawKey(importId), raw);
  if (enriched && !isDone(told['database-import'], enriched, now))
    return gap('database-import', enrichedKey(importId), enriched);
  return null;
}

const isDone = (record: StageRecord | undefined, writtenAt: Date, now: Date): boolean =>
  isInHand(record, writtenAt, now) ||
  (record?.status === 'completed' && new Date(record.attempt_started_at) >= writtenAt);

/** Whether the stage has a message for what was written then, or gave it up. */
function isInHand(record: StageRecord | undefined, writtenAt: Date, now: Date): boolean {
  if (record === undefined || record.status === 'completed') return false;
  if (record.status === 'failed') return new Date(record.attempt_started_at) >= writtenAt;
  const heldSince = Date.parse(record.next_attempt_at ?? record.attempt_started_at);
  // After so many deliveries SQS has moved the message itself; if it is not there either, it is lost.
  const heldSeconds = maxReceiveCount * visibilityTimeoutSeconds(stages[record.stage]);
  return now.getTime() < heldSince + heldSeconds * 1000;
}

/** Sends nothing twice: a message that was not lost may still be on its way, or wait in a dead-letter queue. */
async function sortOut(
  gaps: readonly FoundGap[],
  ports: ReconcilePorts,
): Promise<{ queued: FoundGap[]; postponed: PostponedGap[] }> {
  const sorted = { queued: [] as FoundGap[], postponed: [] as PostponedGap[] };
  if (gaps.length === 0) return sorted;
  const depths = await ports.queues.depths();
  const busy = new Set(depths.filter(({ waiting }) => waiting > 0).map(({ stage }) => stage));
  for (const stage of stageNames) {
    const own = gaps.filter((gap) => gap.stage === stage);
    const deadLetters = own.length > 0 ? await ports.deadLetters.list(stage) : [];
    const givenUp = new Set(deadLetters.map(({ import_id }) => import_id));
    for (const gap of own) {
      const { request: _request, ...shown } = gap;
      if (givenUp.has(gap.import_id)) sorted.postponed.push({ ...shown, reason: 'dead_letter' });
      else if (busy.has(stage)) sorted.postponed.push({ ...shown, reason: 'queue_busy' });
      else sorted.queued.push(gap);
    }
  }
  return sorted;
}

const messageFor = ({ request, s3_key }: FoundGap, { bucket, now }: ReconcilePorts): string =>
  s3_key === null
    ? JSON.stringify(request)
    : writeObjectCreated(bucket, s3_key, `reconcile-${now().toISOString()}`);
