import { type ImportId, parseImportId } from '../contracts/import-id.ts';
import { type StoredStatus, type StageStatus, viewImport } from '../contracts/import-status.ts';
import { findLibraryKey, libraryKeyForm, libraryKeyOf, printLibraryKey } from '../contracts/library-key.ts';
import { writeObjectCreated } from '../contracts/object-created.ts';
import {
  eventSuffix,
  type LibraryKind,
  libraryKinds,
  maxReceiveCount,
  prefixes,
  type StageName,
  stageNames,
  stages,
  visibilityTimeoutSeconds,
} from '../topology.ts';
import type { DeadLetterPage, DeadLetters } from './dead-letters.ts';
import type { ImportIndex } from './import-index.ts';
import type { ImportStatusStore } from './import-status-store.ts';
import type { StageQueues } from './stage-queues.ts';

/**
 * Finds imports that stand still because a message never came: S3 announces nearly every object, not each. What a
 * stage has in hand, what waits for its next attempt and what was given up is left alone.
 */

export type ReconcilePorts = {
  bucketName: string;
  /** Every object whose key begins so. */
  objects: { list(prefix: string): AsyncIterable<{ key: string; writtenAt: Date }> };
  index: Pick<ImportIndex, 'listOpen' | 'close'>;
  statuses: Pick<ImportStatusStore, 'list' | 'read'>;
  queues: Pick<StageQueues, 'depths' | 'send'>;
  deadLetters: Pick<DeadLetters, 'list'>;
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
export type PostponedGap = Gap & { reason: 'dead_letter' | 'dead_letters_unread' | 'queue_busy' };
/**
 * A file among the libraries that is none: `suffix` when no event announces it, `name` when its name says nobody's
 * library. Whoever dropped it should give it a name like `expected`.
 */
export type StrayFile = { s3_key: string; since: string; reason: 'suffix' | 'name'; expected: string };
export type Reconciliation = { queued: Gap[]; postponed: PostponedGap[]; strays: StrayFile[] };

export type ReconcileOptions = {
  /** S3 may take minutes to announce an object; what is younger is not missed yet. */
  olderThanSeconds: number;
  /** What is older was looked at by earlier runs. Undefined: everything. */
  newerThanSeconds?: number;
  dryRun: boolean;
  /**
   * Walks through all that was ever imported: it finds files that somebody dropped and S3 did not announce, and strays.
   * Else imports that are marked as open are looked at alone, however many there were.
   */
  all?: boolean;
};

/** Queues what is missing, unless it is a dry run. @returns what was found either way. */
export async function reconcile(ports: ReconcilePorts, options: ReconcileOptions): Promise<Reconciliation> {
  const { imports, strays } = options.all
    ? await collectFiles(ports, options)
    : { imports: await collectOpen(ports, options), strays: [] };
  const { queued, postponed } = await sortOut(await findGaps(imports, ports, options), ports);
  if (!options.dryRun) for (const gap of queued) await ports.queues.send(gap.stage, messageFor(gap, ports));
  return { queued: queued.map(({ request: _request, ...gap }) => gap), postponed, strays };
}

type FoundGap = Gap & { request: StoredStatus['request'] };
/** When an import's files were written. */
type Files = Partial<Record<LibraryKind, Date>>;

/** Imports are read so many at once. */
const readAtOnce = 20;

async function findGaps(
  imports: ReadonlyMap<ImportId, Files>,
  ports: ReconcilePorts,
  options: ReconcileOptions,
): Promise<FoundGap[]> {
  const now = ports.now();
  const pending = [...imports].filter(([importId, files]) =>
    isWithin(files.enriched ?? files.raw ?? new Date(parseImportId(importId).importedAt), now, {
      ...options,
      olderThanSeconds: 0,
    }),
  );
  const gaps: FoundGap[] = [];
  const work = async () => {
    for (let next = pending.pop(); next; next = pending.pop()) {
      const [importId, files] = next;
      const stored = await ports.statuses.read(importId);
      const gap = gapOf(importId, files, stored, now);
      if (gap && isWithin(new Date(gap.since), now, options)) gaps.push(gap);
      // A function that died after its last word left the marker behind.
      else if (!gap && !options.all && !options.dryRun && hasEnded(importId, stored, now))
        await ports.index.close(importId);
    }
  };
  await Promise.all(Array.from({ length: readAtOnce }, work));
  return gaps.sort((a, b) => a.since.localeCompare(b.since));
}

/** Imports that are marked as open for long enough, with their files. */
async function collectOpen(ports: ReconcilePorts, options: ReconcileOptions): Promise<Map<ImportId, Files>> {
  const imports = new Map<ImportId, Files>();
  for await (const { importId, since } of ports.index.listOpen()) {
    if (!isWithin(since, ports.now(), options)) continue;
    const files: Files = {};
    // Listed by its whole key: nobody here may read what is in it.
    for (const kind of libraryKinds)
      for await (const { writtenAt } of ports.objects.list(printLibraryKey(libraryKeyOf(kind, importId))))
        files[kind] = writtenAt;
    imports.set(importId, files);
  }
  return imports;
}

function hasEnded(importId: ImportId, stored: StoredStatus | null, now: Date): boolean {
  const status = stored && viewImport(importId, stored, now).status;
  return status === 'completed' || status === 'failed';
}

/** So many strays are named; whoever has more does not read on. */
const namedStrays = 1000;

async function collectFiles(
  ports: ReconcilePorts,
  options: ReconcileOptions,
): Promise<{ imports: Map<ImportId, Files>; strays: StrayFile[] }> {
  const imports = new Map<ImportId, Files>();
  const strays: StrayFile[] = [];
  for (const importId of await ports.statuses.list({ max: Infinity })) imports.set(importId, {});
  for (const kind of libraryKinds) {
    for await (const { key, writtenAt } of ports.objects.list(prefixes[kind])) {
      const importId = findLibraryKey(key)?.importId;
      if (importId) imports.set(importId, { ...imports.get(importId), [kind]: writtenAt });
      else if (isStray(key) && strays.length < namedStrays && isWithin(writtenAt, ports.now(), options))
        strays.push(strayFile(kind, key, writtenAt));
    }
  }
  return { imports, strays };
}

/** The console of S3 makes folders by empty objects. */
const isStray = (key: string): boolean => !key.endsWith('/');

const strayFile = (kind: LibraryKind, key: string, writtenAt: Date): StrayFile => ({
  s3_key: key,
  since: writtenAt.toISOString(),
  reason: key.endsWith(eventSuffix) ? 'name' : 'suffix',
  expected: libraryKeyForm(kind),
});

function isWithin(
  at: Date,
  now: Date,
  { olderThanSeconds, newerThanSeconds = Infinity }: ReconcileOptions,
): boolean {
  const ageSeconds = (now.getTime() - at.getTime()) / 1000;
  return ageSeconds >= olderThanSeconds && ageSeconds <= newerThanSeconds;
}

/** The first stage that should have run by now and did not: those behind it follow by themselves. */
function gapOf(importId: ImportId, files: Files, stored: StoredStatus | null, now: Date): FoundGap | null {
  const { raw, enriched } = files;
  const { request = null, stages: statuses = {} } = stored ?? {};
  const keyOf = (kind: LibraryKind) => printLibraryKey(libraryKeyOf(kind, importId));
  const gap = (stage: StageName, s3_key: string | null, since: Date): FoundGap => ({
    import_id: importId,
    stage,
    s3_key,
    since: since.toISOString(),
    request,
  });
  const fetched = statuses['steam-import'];
  if (request && !raw && fetched?.status !== 'completed' && !isInHand(fetched, new Date(0), now))
    return gap('steam-import', null, new Date(request.requested_at));
  if (raw && !enriched && !isInHand(statuses['igdb-enrichment'], raw, now))
    return gap('igdb-enrichment', keyOf('raw'), raw);
  if (raw && enriched && enriched < raw && !isDone(statuses['igdb-enrichment'], raw, now))
    return gap('igdb-enrichment', keyOf('raw'), raw);
  if (enriched && !isDone(statuses['database-import'], enriched, now))
    return gap('database-import', keyOf('enriched'), enriched);
  return null;
}

const isDone = (status: StageStatus | undefined, writtenAt: Date, now: Date): boolean =>
  isInHand(status, writtenAt, now) ||
  (status?.status === 'completed' && new Date(status.attempt_started_at) >= writtenAt);

/** Whether the stage has a message for what was written then, or gave it up. */
function isInHand(status: StageStatus | undefined, writtenAt: Date, now: Date): boolean {
  if (status === undefined || status.status === 'completed') return false;
  if (status.status === 'failed') return new Date(status.attempt_started_at) >= writtenAt;
  const heldSince = Date.parse(status.next_attempt_at ?? status.attempt_started_at);
  // After so many deliveries SQS has moved the message itself; if it is not there either, it is lost.
  const heldSeconds = maxReceiveCount * visibilityTimeoutSeconds(stages[status.stage]);
  return now.getTime() < heldSince + heldSeconds * 1000;
}

/** So many dead letters are looked at; among more than these any import may have one. */
const readLetters = 10_000;
const noLetters: DeadLetterPage = { messages: [], truncated: false };

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
    const page = own.length > 0 ? await ports.deadLetters.list(stage, { max: readLetters }) : noLetters;
    const givenUp = new Set(page.messages.map(({ import_id }) => import_id));
    for (const gap of own) {
      const { request: _request, ...shown } = gap;
      if (givenUp.has(gap.import_id)) sorted.postponed.push({ ...shown, reason: 'dead_letter' });
      else if (busy.has(stage)) sorted.postponed.push({ ...shown, reason: 'queue_busy' });
      else if (page.truncated) sorted.postponed.push({ ...shown, reason: 'dead_letters_unread' });
      else sorted.queued.push(gap);
    }
  }
  return sorted;
}

const messageFor = ({ request, s3_key }: FoundGap, { bucketName, now }: ReconcilePorts): string =>
  s3_key === null
    ? JSON.stringify(request)
    : writeObjectCreated(bucketName, s3_key, `reconcile-${now().toISOString()}`);
