import { setTimeout as delay } from 'node:timers/promises';
import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { type Reconciliation, reconcile } from '@savepoint/core/operations/reconcile.ts';
import { localDeployment, stageNames } from '@savepoint/core/topology.ts';
import { depthsOf } from './evidence.ts';
import type { World } from './world.ts';

export type Settled = { inTime: boolean; healed: readonly string[] };

const stepMs = 200;
/** Who was frozen may still finish what another one did long ago, and set it off once more. */
const quietSteps = 8;

/**
 * Does what an operator does after a bad day, until all that was accepted is completed: waits until the queues are empty,
 * redrives what was given up, and queues what was never announced.
 * @param heals whether what was never announced is queued: what a bug loses would come back.
 * @returns whether it came to an end in time, and what it took `reconcile` to find: nobody else would have.
 */
export async function settle(
  world: World,
  accepted: readonly string[],
  { poison = 0, seconds = 100, heals = true } = {},
): Promise<Settled> {
  const deadline = Date.now() + seconds * 1000;
  const healed: string[] = [];
  let redriven = 0;
  let quiet = 0;
  while (Date.now() < deadline) {
    await delay(stepMs);
    const { waiting, dead } = await depthsOf(world);
    quiet = waiting > 0 ? 0 : quiet + 1;
    if (waiting > 0) continue;
    const isDone = await haveCompleted(world, accepted);
    if (isDone && dead <= poison) {
      if (quiet >= quietSteps) return { inTime: true, healed };
      continue;
    }
    // What cannot be helped comes back at once.
    if (dead > 0 && redriven < 6) {
      redriven += 1;
      for (const stage of stageNames) await world.request(`/queues/${stage}/redrive`, {});
    } else if (isDone) return { inTime: true, healed };
    else if (heals && quiet >= quietSteps)
      healed.push(...(await reconcileNow(world)).queued.map(({ import_id }) => import_id));
  }
  return { inTime: false, healed };
}

export async function haveCompleted(world: World, importIds: readonly string[]): Promise<boolean> {
  for (const importId of importIds) {
    const { body } = await world.request(`/imports/${importId}`);
    if (body.status !== 'completed') return false;
  }
  return true;
}

/** As the daily run does, which finds dropped files too, without the patience that S3's slowest announcements need. */
export async function reconcileNow({ s3, sqs, bucket: bucketName }: World): Promise<Reconciliation> {
  const bucket = createBucket(s3, bucketName);
  const index = createImportIndex(bucket);
  return reconcile(
    {
      bucketName,
      objects: bucket,
      index,
      statuses: createImportStatusStore(bucket),
      queues: createStageQueues(sqs, localDeployment),
      deadLetters: createDeadLetters(sqs, localDeployment, { beforeSendingBack: index.reopen }),
      now: () => new Date(),
    },
    { olderThanSeconds: 0, dryRun: false, all: true },
  );
}
