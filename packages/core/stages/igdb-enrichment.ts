import type { Reject } from '../contracts/csv.ts';
import type { ImportId } from '../contracts/import-id.ts';
import { enrichedKey, overridesKey, rejectsKey } from '../contracts/object-key.ts';
import { type Overrides, readOverrides } from '../contracts/overrides.ts';
import { readRawLibrary } from '../contracts/raw-library.ts';
import { writeRejects } from '../contracts/rejects.ts';
import type { LookUpPorts } from '../enrichment/look-up-apps.ts';
import {
  appsPerPortion,
  type CheckpointPorts,
  countOpenApps,
  keepPortion,
  lookUpPortions,
  requireKnown,
} from '../enrichment/look-up-portions.ts';
import {
  type KnowApps,
  type LibraryFilePorts,
  writeEnrichedLibrary,
} from '../enrichment/write-enriched-library.ts';
import { ValidationError } from '../errors.ts';

export type IgdbEnrichmentPorts = LookUpPorts &
  CheckpointPorts &
  LibraryFilePorts & {
    /** Null when nobody wrote overrides. */
    openOverrides(): Promise<AsyncIterable<Uint8Array> | null>;
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

type Library = {
  job: EnrichmentJob;
  appCount: number;
  rejectedRows: number;
  /** Names by app id; empty when they are more than one portion. */
  apps: ReadonlyMap<number, string>;
  knownApps: () => number;
};

type Enrichment = {
  ports: IgdbEnrichmentPorts;
  overrides: Overrides;
  overridesRejected: number;
  shouldStop(): boolean;
  tellProgress(): void;
};

/**
 * Enriches several raw libraries: small ones together, looking up each app only once over all of them, and a large
 * one in portions. Files are streamed twice, first to count their apps and then row by row into the enriched file;
 * what is known of one portion's apps is held at a time.
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
  const view = () => surveyed.map((result) => progressOf(result));
  const enrichment: Enrichment = {
    ports,
    overrides,
    overridesRejected: rejects.length,
    shouldStop: run.shouldStop,
    tellProgress: () => run.progress(view),
  };
  const libraries = surveyed.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const outcomes: PromiseSettledResult<IgdbEnrichmentAnswer>[] = [];
  for (const group of groupByPortion(libraries)) outcomes.push(...(await enrichGroup(group, enrichment)));
  return surveyed.map((result) => (result.status === 'rejected' ? result : outcomes.shift()!));
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
  let appCount = 0;
  let rejectedRows = 0;
  for await (const { rows, rejects } of readRawLibrary(await ports.openLibrary(job.s3Key))) {
    rejectedRows += rejects.length;
    appCount += rows.length;
    if (appCount > appsPerPortion) apps.clear();
    else for (const row of rows) apps.set(row.appId, row.name);
  }
  return { job, appCount, rejectedRows, apps, knownApps: () => 0 };
}

const progressOf = (result: PromiseSettledResult<Library>): { done: number; total: number } =>
  result.status === 'fulfilled'
    ? { done: result.value.knownApps(), total: result.value.appCount }
    : { done: 0, total: 0 };

/** Neighbours whose apps, each counted once, fit into one portion; a larger library stays alone. */
function groupByPortion(libraries: readonly Library[]): Library[][] {
  const groups: Library[][] = [];
  let known: ReadonlySet<number> = new Set();
  let isFull = true;
  for (const library of libraries) {
    const joined = new Set([...known, ...library.apps.keys()]);
    const isLarge = library.appCount > appsPerPortion;
    const isNew = isFull || isLarge || joined.size > appsPerPortion;
    if (isNew) groups.push([]);
    groups.at(-1)!.push(library);
    known = isNew ? new Set(library.apps.keys()) : joined;
    isFull = isLarge;
  }
  return groups;
}

async function enrichGroup(
  libraries: readonly Library[],
  enrichment: Enrichment,
): Promise<PromiseSettledResult<IgdbEnrichmentAnswer>[]> {
  const [first] = libraries as [Library, ...Library[]];
  if (first.appCount > appsPerPortion)
    return Promise.allSettled([publish(first, enrichment, portionByPortion(first, enrichment))]);
  const portions = libraries.map(({ job, apps }) => ({ importId: job.importId, index: 0, apps }));
  const known = await lookUpPortions(portions, enrichment.overrides, enrichment.ports, {
    shouldStop: enrichment.shouldStop,
    onResolved: (evidence) => {
      for (const [at, library] of libraries.entries())
        library.knownApps = () => library.appCount - countOpenApps(portions[at]!, evidence);
      enrichment.tellProgress();
    },
  });
  const outcomes: PromiseSettledResult<IgdbEnrichmentAnswer>[] = [];
  // One after another, so that the rows of one library are in memory at a time.
  for (const [at, library] of libraries.entries()) {
    const publishing = requireKnown(portions[at]!, known, enrichment.ports).then(() =>
      publish(library, enrichment, async () => known.evidence),
    );
    outcomes.push(...(await Promise.allSettled([publishing])));
  }
  return outcomes;
}

/** Looks up each portion of a large library when its rows are to be written. */
function portionByPortion(library: Library, enrichment: Enrichment): KnowApps {
  let index = 0;
  let done = 0;
  return async (rows) => {
    const apps = new Map(rows.map(({ appId, name }) => [appId, name]));
    const portion = { importId: library.job.importId, index, apps };
    const known = await lookUpPortions([portion], enrichment.overrides, enrichment.ports, {
      shouldStop: enrichment.shouldStop,
      onResolved: (evidence) => {
        library.knownApps = () => done + apps.size - countOpenApps(portion, evidence);
        enrichment.tellProgress();
      },
    });
    await requireKnown(portion, known, enrichment.ports);
    index += 1;
    done += rows.length;
    // Should a later portion fail, this one is not looked up again.
    if (done < library.appCount) await keepPortion(portion, known.evidence, enrichment.ports);
    return known.evidence;
  };
}

async function publish(
  { job, appCount, rejectedRows }: Library,
  { ports, overridesRejected }: Enrichment,
  know: KnowApps,
): Promise<IgdbEnrichmentAnswer> {
  const key = enrichedKey(job.importId);
  const { counts, rejected } = await writeEnrichedLibrary(job.s3Key, key, rejectedRows, ports, know);
  for (let index = 0; index * appsPerPortion < Math.max(appCount, 1); index++)
    await ports.dropCheckpoint(job.importId, index);
  return {
    s3_key: key,
    processed: counts.MATCHED + counts.UNMATCHED + counts.IGNORED + counts.PENDING,
    matched: counts.MATCHED,
    unmatched: counts.UNMATCHED,
    filtered: counts.IGNORED,
    rejected,
    overrides_rejected: overridesRejected,
  };
}
