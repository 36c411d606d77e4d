import { createEvidence, type Evidence, needsMatch } from '../app-evidence.ts';
import { readCheckpoint, writeCheckpoint } from '../contracts/checkpoint.ts';
import type { Reject } from '../contracts/csv.ts';
import { enrichedHeader, type MatchStatus, writeEnrichedRows } from '../contracts/enriched-library.ts';
import type { ImportId } from '../contracts/import-id.ts';
import { enrichedKey, overridesKey, rejectsKey } from '../contracts/object-key.ts';
import { type Overrides, readOverrides } from '../contracts/overrides.ts';
import { readRawLibrary } from '../contracts/raw-library.ts';
import { writeRejects } from '../contracts/rejects.ts';
import { enrichRow } from '../enrich-row.ts';
import { IgdbApiError, toPipelineError, ValidationError } from '../errors.ts';
import { type LookUpPorts, lookUpApps } from '../look-up-apps.ts';

export type IgdbEnrichmentPorts = LookUpPorts & {
  openLibrary(key: string): Promise<AsyncIterable<Uint8Array>>;
  /** The object appears whole, after the last line. */
  streamLibrary(key: string, lines: AsyncIterable<string>): Promise<void>;
  putRejects(key: string, csv: string): Promise<void>;
  /** Null when nobody wrote overrides. */
  openOverrides(): Promise<AsyncIterable<Uint8Array> | null>;
  /** Null when no attempt was interrupted lately. */
  openCheckpoint(importId: ImportId): Promise<AsyncIterable<Uint8Array> | null>;
  saveCheckpoint(importId: ImportId, lines: Iterable<string>): Promise<void>;
  dropCheckpoint(importId: ImportId): Promise<void>;
};

export type EnrichmentJob = { importId: ImportId; s3Key: string };

export type IgdbEnrichmentAnswer = {
  s3_key: string;
  processed: number;
  matched: number;
  unmatched: number;
  /** Not games. */
  filtered: number;
  rejected: number;
  /** Lines of the override file that could not be used. */
  overrides_rejected: number;
};

export type EnrichmentRun = {
  /** True when the invocation must come to its end. */
  shouldStop(): boolean;
  /** Tells how many apps of each job are known. */
  progress(view: () => { done: number; total: number }[]): void;
};

/** A raw library's apps: names by app id. */
type Library = { job: EnrichmentJob; apps: ReadonlyMap<number, string> };

/**
 * Enriches several raw libraries at once, looking up each app only once over all of them. Files are streamed
 * twice, first for their apps and then row by row into the enriched file; only what is known of the apps is held.
 * When IGDB fails halfway, what was found is kept for the next attempt and nothing incomplete is published.
 * @returns one outcome a job, in their order.
 */
export async function igdbEnrichment(
  jobs: readonly EnrichmentJob[],
  ports: IgdbEnrichmentPorts,
  run: EnrichmentRun,
): Promise<PromiseSettledResult<IgdbEnrichmentAnswer>[]> {
  const { overrides, rejects } = await loadOverrides(ports);
  const surveyed = await Promise.allSettled(jobs.map((job) => survey(job, ports)));
  const libraries = surveyed.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const evidence = createEvidence(overrides);
  for (const library of libraries) await resume(library, evidence, ports);
  const names = new Map(libraries.flatMap(({ apps }) => [...apps]));
  const apps = [...names].map(([appId, name]) => ({ appId, name }));
  const failure = await lookUpApps(apps, evidence, ports, {
    shouldStop: run.shouldStop,
    onResolved: () => run.progress(() => surveyed.map((result) => progressOf(result, evidence))),
  }).then(() => undefined, toPipelineError);
  const outcomes: PromiseSettledResult<IgdbEnrichmentAnswer>[] = [];
  for (const result of surveyed) {
    if (result.status === 'rejected') outcomes.push(result);
    // One after another, so that the rows of one library are in memory at a time.
    else
      outcomes.push(
        ...(await Promise.allSettled([publish(result.value, evidence, ports, rejects.length, failure)])),
      );
  }
  return outcomes;
}

async function loadOverrides(
  ports: IgdbEnrichmentPorts,
): Promise<{ overrides: Overrides; rejects: Reject[] }> {
  const file = await ports.openOverrides();
  if (file === null) return { overrides: new Map(), rejects: [] };
  const result = await readOverrides(file).catch((error): Awaited<ReturnType<typeof readOverrides>> => {
    // A file that is no CSV at all must not stop every import; it counts as one bad line.
    if (!(error instanceof ValidationError)) throw error;
    return { overrides: new Map(), rejects: [{ line: 1, reason: error.message, record: '' }] };
  });
  if (result.rejects.length > 0)
    await ports.putRejects(rejectsKey(overridesKey), writeRejects(result.rejects));
  return result;
}

async function survey(job: EnrichmentJob, ports: IgdbEnrichmentPorts): Promise<Library> {
  const apps = new Map<number, string>();
  for await (const { rows } of readRawLibrary(await ports.openLibrary(job.s3Key)))
    for (const row of rows) apps.set(row.appId, row.name);
  return { job, apps };
}

/** Takes up what this instance remembers and what an interrupted attempt found. */
async function resume({ job, apps }: Library, evidence: Evidence, ports: IgdbEnrichmentPorts): Promise<void> {
  for (const appId of apps.keys()) {
    const remembered = ports.memory.recall(appId);
    if (remembered) evidence.learn(remembered);
  }
  const checkpoint = await ports.openCheckpoint(job.importId);
  if (checkpoint === null) return;
  for await (const knowledge of readCheckpoint(checkpoint))
    if (apps.has(knowledge.appId)) evidence.learn(knowledge);
}

function countOpenApps({ apps }: Library, evidence: Evidence): number {
  let open = 0;
  for (const [appId, name] of apps) if (needsMatch({ appId, name }, evidence.of(appId))) open += 1;
  return open;
}

function progressOf(
  result: PromiseSettledResult<Library>,
  evidence: Evidence,
): { done: number; total: number } {
  if (result.status === 'rejected') return { done: 0, total: 0 };
  const total = result.value.apps.size;
  return { done: total - countOpenApps(result.value, evidence), total };
}

async function publish(
  library: Library,
  evidence: Evidence,
  ports: IgdbEnrichmentPorts,
  overridesRejected: number,
  failure: Error | undefined,
): Promise<IgdbEnrichmentAnswer> {
  const { job, apps } = library;
  const open = countOpenApps(library, evidence);
  if (open > 0) {
    const known = [...apps.keys()].flatMap((appId) => evidence.of(appId).knowledge ?? []);
    await ports.saveCheckpoint(job.importId, writeCheckpoint(known));
    throw failure ?? outOfTime(open);
  }
  const counts: Record<MatchStatus, number> = { MATCHED: 0, UNMATCHED: 0, IGNORED: 0, PENDING: 0 };
  const rejects: Reject[] = [];
  const key = enrichedKey(job.importId);
  await ports.streamLibrary(key, enrichedLines(job, evidence, ports, counts, rejects));
  if (rejects.length > 0) await ports.putRejects(rejectsKey(job.s3Key), writeRejects(rejects));
  await ports.dropCheckpoint(job.importId);
  return {
    s3_key: key,
    processed: counts.MATCHED + counts.UNMATCHED + counts.IGNORED + counts.PENDING,
    matched: counts.MATCHED,
    unmatched: counts.UNMATCHED,
    filtered: counts.IGNORED,
    rejected: rejects.length,
    overrides_rejected: overridesRejected,
  };
}

async function* enrichedLines(
  job: EnrichmentJob,
  evidence: Evidence,
  ports: IgdbEnrichmentPorts,
  counts: Record<MatchStatus, number>,
  rejects: Reject[],
): AsyncGenerator<string> {
  yield enrichedHeader;
  for await (const batch of readRawLibrary(await ports.openLibrary(job.s3Key))) {
    rejects.push(...batch.rejects);
    const rows = batch.rows.map((row) => enrichRow(row, evidence.of(row.appId)));
    for (const { matchStatus } of rows) counts[matchStatus] += 1;
    if (rows.length > 0) yield writeEnrichedRows(rows);
  }
}

const outOfTime = (open: number) =>
  new IgdbApiError(
    'IGDB_DEADLINE',
    `${open} apps are still to be looked up; the next attempt goes on from here.`,
    {
      retryable: true,
      details: { open_apps: open },
    },
  );
