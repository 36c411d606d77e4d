import { type ImportId, parseImportId } from '../contracts/import-id.ts';
import { hasEnded } from '../contracts/import-view.ts';
import { writeObjectCreated } from '../contracts/object-created.ts';
import { stageNames } from '../topology.ts';
import { forEachAtOnce } from './at-once.ts';
import type { DeadLetterPage, DeadLetters } from './dead-letters.ts';
import type { ImportIndex } from './import-index.ts';
import type { ImportStatusStore } from './import-status-store.ts';
import { type Files, type FoundGap, type Gap, gapOf } from './missed-stage.ts';
import { collectFiles, collectOpen, isWithin, lookedAtOnce, type StrayFile } from './reconcile-files.ts';
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

/** `reason`: why it is not queued now. */
export type PostponedGap = Gap & { reason: 'dead_letter' | 'dead_letters_unread' | 'queue_busy' };
/** `more`: there were more open imports than it looked at. */
export type Reconciliation = { queued: Gap[]; postponed: PostponedGap[]; strays: StrayFile[]; more: boolean };

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
  /** So many open imports are looked at, those that the bucket lists first. Default: 20,000. */
  mostOpen?: number;
};

/** Queues what is missing, unless it is a dry run. @returns what was found either way. */
export async function reconcile(ports: ReconcilePorts, options: ReconcileOptions): Promise<Reconciliation> {
  const { imports, strays, more } = options.all
    ? { ...(await collectFiles(ports, options)), more: false }
    : { ...(await collectOpen(ports, options)), strays: [] };
  const { queued, postponed } = await sortOut(await findGaps(imports, ports, options), ports);
  if (!options.dryRun) for (const gap of queued) await ports.queues.send(gap.stage, messageFor(gap, ports));
  return { queued: queued.map(({ request: _request, ...gap }) => gap), postponed, strays, more };
}

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
  await forEachAtOnce(pending, lookedAtOnce, async ([importId, files]) => {
    const stored = await ports.statuses.read(importId);
    const gap = gapOf(importId, files, stored, now);
    if (gap && isWithin(new Date(gap.since), now, options)) gaps.push(gap);
    // A function that died after its last word left the marker behind.
    else if (!gap && !options.all && !options.dryRun && hasEnded(importId, stored, now))
      await ports.index.close(importId);
  });
  return gaps.sort((a, b) => a.since.localeCompare(b.since));
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
