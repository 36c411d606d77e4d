import { type App, createEvidence, type Evidence, needsMatch } from '../classification/app-evidence.ts';
import { type AppKnowledge, readCheckpoint, writeCheckpoint } from '../contracts/checkpoint.ts';
import type { Freshness } from '../contracts/fresh-run.ts';
import type { ImportId } from '../contracts/import-id.ts';
import { decisionOf, type Overrides } from '../contracts/overrides.ts';
import type { RawRow } from '../contracts/raw-library.ts';
import { IgdbApiError, type PipelineError, toPipelineError } from '../errors.ts';
import { type LookUpPorts, type LookUpRun, lookUpApps } from './look-up-apps.ts';

/** Rows of one library whose games are in memory together; `index` counts the library's portions from 0. */
export type Portion = {
  importId: ImportId;
  index: number;
  rows: readonly RawRow[];
  fresh?: Freshness | undefined;
};

/**
 * So many games, with all that IGDB tells of them, leave a function far from its memory; how long they take is ten
 * questions, which is one request.
 */
export const appsPerPortion = 5000;

export type Checkpoints = {
  /** Null when no attempt was interrupted lately. */
  openCheckpoint(importId: ImportId, portion: number): Promise<AsyncIterable<Uint8Array> | null>;
  saveCheckpoint(importId: ImportId, portion: number, lines: string): Promise<void>;
  dropCheckpoint(importId: ImportId, portion: number): Promise<void>;
};

/** What a look-up found, and the failure that left something open. */
export type Found = { evidence: Evidence; failure: PipelineError | undefined };

/**
 * Looks up portions of several libraries together, each app once, beginning with what is remembered and
 * what an interrupted attempt found.
 * @param run `onResolved` is called whenever more is known than before.
 */
export async function lookUpPortions(
  portions: readonly Portion[],
  overrides: Overrides,
  ports: LookUpPorts & Checkpoints,
  run: LookUpRun & { onResolved(evidence: Evidence): void },
): Promise<Found> {
  const evidence = createEvidence(overrides);
  await ports.memory.ready();
  const believe = beliefOf(portions, overrides);
  for (const portion of portions) await resume(portion, evidence, believe, ports);
  const failure = await lookUpApps(appsOf(portions), evidence, ports, {
    ...run,
    onResolved: () => run.onResolved(evidence),
  }).then(() => undefined, toPipelineError);
  return { evidence, failure };
}

/** Each app once, with the name that any of the libraries told. */
function appsOf(portions: readonly Portion[]): App[] {
  const apps = new Map<number, App>();
  for (const { appId, name } of portions.flatMap(({ rows }) => rows))
    apps.set(appId, { appId, name: name ?? apps.get(appId)?.name ?? null });
  return [...apps.values()];
}

/** What is believed of what is remembered of an app; undefined for nothing. */
type Believe = (knowledge: AppKnowledge) => AppKnowledge | undefined;

/**
 * An app that one library wants asked for again is asked for again for all; and so is one of which people decided otherwise
 * since, or every stored row that was learnt as late would hold against their decision, or against its end.
 */
function beliefOf(portions: readonly Portion[], overrides: Overrides): Believe {
  const since = { all: new Map<number, number>(), unmatched: new Map<number, number>() };
  for (const { rows, fresh } of portions)
    for (const { appId } of fresh ? rows : [])
      since[fresh!.of].set(appId, Math.max(fresh!.since, since[fresh!.of].get(appId) ?? 0));
  return (knowledge) => {
    const { appId, match } = knowledge;
    const learntAt = knowledge.learntAt ?? 0;
    if (knowledge.decided !== decisionOf(overrides.get(appId))) return undefined;
    if (learntAt < (since.all.get(appId) ?? 0)) return undefined;
    const isHeld = match?.status === 'MATCHED' || learntAt >= (since.unmatched.get(appId) ?? 0);
    return isHeld ? knowledge : { ...knowledge, match: null };
  };
}

async function resume(
  { importId, index, rows }: Portion,
  evidence: Evidence,
  believe: Believe,
  ports: LookUpPorts & Checkpoints,
) {
  for (const { appId } of rows) {
    const remembered = ports.memory.recall(appId);
    const believed = remembered && believe(remembered);
    if (believed) evidence.learn(believed);
  }
  const checkpoint = await ports.openCheckpoint(importId, index);
  if (checkpoint === null) return;
  const appIds = new Set(rows.map(({ appId }) => appId));
  for await (const knowledge of readCheckpoint(checkpoint)) {
    const known = evidence.of(knowledge.appId).knowledge;
    const isNewer = known === undefined || (knowledge.learntAt ?? 0) > (known.learntAt ?? 0);
    const believed = appIds.has(knowledge.appId) && isNewer ? believe(knowledge) : undefined;
    if (believed) evidence.learn(believed);
  }
}

export const countOpenApps = ({ rows }: Portion, evidence: Evidence): number =>
  rows.filter((row) => needsMatch(row, evidence.of(row.appId))).length;

/** Keeps what is known of the portion for the next attempt. */
export function keepPortion(
  { importId, index, rows }: Portion,
  evidence: Evidence,
  ports: Checkpoints,
): Promise<void> {
  const known = rows.flatMap(({ appId }) => evidence.of(appId).knowledge ?? []);
  return ports.saveCheckpoint(importId, index, writeCheckpoint(known));
}

/** @throws the failure, or IgdbApiError IGDB_DEADLINE, when an app of the portion is still to be looked up */
export async function requireKnown(
  portion: Portion,
  { evidence, failure }: Found,
  ports: Checkpoints,
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
