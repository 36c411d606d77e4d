import type { ImportId } from '../contracts/import-id.ts';
import { viewImport } from '../contracts/import-view.ts';
import { type StageName, stageNames } from '../topology.ts';
import { forEachAtOnce } from './at-once.ts';
import type { ImportIndex } from './import-index.ts';
import type { ImportStatusStore } from './import-status-store.ts';
import type { QueueDepth, StageQueues } from './stage-queues.ts';

export type CountQueuesPorts = {
  queues: Pick<StageQueues, 'depths'>;
  /** `findOldestAtStages`, or what it found a moment ago. */
  oldestAtStages(): Promise<OldestAtStages>;
  now(): Date;
};

/** Since when the open import that waits longest has been at a stage, in milliseconds. */
export type OldestAtStages = ReadonlyMap<StageName, number>;

/** `oldest_seconds`: how long the open import that waits longest has been at this stage; null where none is. */
export type QueueCount = QueueDepth & { oldest_seconds: number | null };

/** The messages of each stage, and how long people have waited there. SQS tells nobody the age of a message. */
export async function countQueues(ports: CountQueuesPorts): Promise<QueueCount[]> {
  const [depths, oldest] = await Promise.all([ports.queues.depths(), ports.oldestAtStages()]);
  const now = ports.now().getTime();
  return depths.map((depth) => {
    const since = oldest.get(depth.stage);
    return {
      ...depth,
      oldest_seconds: since === undefined ? null : Math.max(0, Math.floor((now - since) / 1000)),
    };
  });
}

/** So many markers are listed, 1,000 a request; beyond them nobody asks how long exactly. */
const mostListed = 10_000;
/** Of these so many are read, those that are open for longest, and so many at once that others get a connection, too. */
const mostRead = 100;
const readAtOnce = 10;

export type FindOldestPorts = {
  index: Pick<ImportIndex, 'listOpen'>;
  statuses: Pick<ImportStatusStore, 'read'>;
  now(): Date;
};

/** A request for each 1,000 open imports, and those of a hundred statuses: too dear for everybody who looks. */
export async function findOldestAtStages(ports: FindOldestPorts): Promise<OldestAtStages> {
  const open: { importId: ImportId; since: Date }[] = [];
  for await (const marker of ports.index.listOpen()) {
    open.push(marker);
    if (open.length === mostListed) break;
  }
  open.sort((a, b) => a.since.getTime() - b.since.getTime());
  const oldest = new Map<StageName, number>();
  await forEachAtOnce(open.slice(0, mostRead), readAtOnce, async ({ importId, since }) => {
    const place = await placeOf(importId, since, ports);
    if (place) oldest.set(place.stage, Math.min(place.since, oldest.get(place.stage) ?? place.since));
  });
  return oldest;
}

/** The stage that an open import waits for or is at, and since when. Null where that is not known, or it has ended. */
async function placeOf(
  importId: ImportId,
  openSince: Date,
  { statuses, now }: FindOldestPorts,
): Promise<{ stage: StageName; since: number } | null> {
  const stored = await statuses.read(importId);
  if (stored === null) return null;
  const { stages } = viewImport(importId, stored, now());
  const index = stages.findIndex(({ status }) => status !== 'completed' && status !== 'skipped');
  const [at, before] = [stages[index], stages[index - 1]];
  if (at === undefined) return null;
  // A function that died behind its last word left the marker; a redrive sets it anew.
  if (at.status === 'failed' && Date.parse(at.finished_at ?? '') >= openSince.getTime()) return null;
  const arrived = before?.finished_at ? Date.parse(before.finished_at) : 0;
  return { stage: stageNames[index]!, since: Math.max(openSince.getTime(), arrived) };
}
