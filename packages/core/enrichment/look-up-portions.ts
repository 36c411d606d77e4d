import { createEvidence, type Evidence, needsMatch } from '../classification/app-evidence.ts';
import { readCheckpoint, writeCheckpoint } from '../contracts/checkpoint.ts';
import type { ImportId } from '../contracts/import-id.ts';
import type { Overrides } from '../contracts/overrides.ts';
import { IgdbApiError, toPipelineError } from '../errors.ts';
import { type LookUpPorts, type LookUpRun, lookUpApps } from './look-up-apps.ts';

/** Apps of one library whose games are in memory together; `index` counts the library's portions from 0. */
export type Portion = { importId: ImportId; index: number; apps: ReadonlyMap<number, string> };

/** So many games, with all that IGDB tells of them, leave a function far from its memory. Whole uid batches. */
export const appsPerPortion = 2000;

export type CheckpointPorts = {
  /** Null when no attempt was interrupted lately. */
  openCheckpoint(importId: ImportId, portion: number): Promise<AsyncIterable<Uint8Array> | null>;
  saveCheckpoint(importId: ImportId, lines: Iterable<string>, portion: number): Promise<void>;
  dropCheckpoint(importId: ImportId, portion: number): Promise<void>;
};

/**
 * Looks up portions of several libraries together, each app once, beginning with what this instance remembers and
 * what an interrupted attempt found.
 * @returns what is known, and the failure that left something open.
 */
export async function lookUpPortions(
  portions: readonly Portion[],
  overrides: Overrides,
  ports: LookUpPorts & CheckpointPorts,
  run: Pick<LookUpRun, 'shouldStop'> & { onResolved(evidence: Evidence): void },
): Promise<{ evidence: Evidence; failure: Error | undefined }> {
  const evidence = createEvidence(overrides);
  for (const portion of portions) await resume(portion, evidence, ports);
  const names = new Map(portions.flatMap(({ apps }) => [...apps]));
  const apps = [...names].map(([appId, name]) => ({ appId, name }));
  const failure = await lookUpApps(apps, evidence, ports, {
    shouldStop: run.shouldStop,
    onResolved: () => run.onResolved(evidence),
  }).then(() => undefined, toPipelineError);
  return { evidence, failure };
}

async function resume(
  { importId, index, apps }: Portion,
  evidence: Evidence,
  ports: LookUpPorts & CheckpointPorts,
) {
  for (const appId of apps.keys()) {
    const remembered = ports.memory.recall(appId);
    if (remembered) evidence.learn(remembered);
  }
  const checkpoint = await ports.openCheckpoint(importId, index);
  if (checkpoint === null) return;
  for await (const knowledge of readCheckpoint(checkpoint))
    if (apps.has(knowledge.appId)) evidence.learn(knowledge);
}

export function countOpenApps({ apps }: Portion, evidence: Evidence): number {
  let open = 0;
  for (const [appId, name] of apps) if (needsMatch({ appId, name }, evidence.of(appId))) open += 1;
  return open;
}

/** Keeps what is known of the portion for the next attempt. */
export function keepPortion(
  { importId, index, apps }: Portion,
  evidence: Evidence,
  ports: CheckpointPorts,
): Promise<void> {
  const known = [...apps.keys()].flatMap((appId) => evidence.of(appId).knowledge ?? []);
  return ports.saveCheckpoint(importId, writeCheckpoint(known), index);
}

/** @throws the failure, or IgdbApiError IGDB_DEADLINE, when an app of the portion is still to be looked up */
export async function requireKnown(
  portion: Portion,
  { evidence, failure }: { evidence: Evidence; failure: Error | undefined },
  ports: CheckpointPorts,
): Promise<void> {
  const open = countOpenApps(portion, evidence);
  if (open === 0) return;
  await keepPortion(portion, evidence, ports);
  throw failure ?? outOfTime(open);
}

const outOfTime = (open: number) =>
  new IgdbApiError(
    'IGDB_DEADLINE',
    `${open} apps are still to be looked up; the next attempt goes on from here.`,
    { retryable: true, details: { open_apps: open } },
  );
