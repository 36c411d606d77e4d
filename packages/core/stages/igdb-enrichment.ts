import type { ColumnsReport } from '../contracts/columns-report.ts';
import { printLibraryKey } from '../contracts/library-key.ts';
import type { Warning } from '../contracts/import-status.ts';
import type { Overrides } from '../contracts/overrides.ts';
import {
  beginLibrary,
  enrichedKeyOf,
  type LibraryInWork,
  type LibraryToEnrich,
  planGroups,
  progressOf,
} from '../enrichment/library-in-work.ts';
import { loadOverrides, type OverridesReader } from '../enrichment/load-overrides.ts';
import type { LookUpPorts, LookUpRun } from '../enrichment/look-up-apps.ts';
import {
  type Checkpoints,
  type Found,
  lookUpPortions,
  type Portion,
} from '../enrichment/look-up-portions.ts';
import { publishLibrary, writePortion } from '../enrichment/write-library.ts';
import { PipelineError, UnfinishedWork } from '../errors.ts';
import type { PendingImports } from '../operations/ask-again.ts';
import type { LibraryFiles, RejectFiles } from './library-files.ts';

export type IgdbEnrichmentPorts = LookUpPorts &
  Checkpoints &
  OverridesReader &
  RejectFiles &
  Pick<LibraryFiles, 'openLibrary' | 'notesOf' | 'createLibrary'> & {
    pending: Pick<PendingImports, 'write' | 'drop'>;
  };

export type IgdbEnrichmentAnswer = {
  s3_key: string;
  processed: number;
  matched: number;
  unmatched: number;
  /** Not games. */
  filtered: number;
  /** IGDB refused to look for them; they are asked again. */
  pending: number;
  rejected: number;
  /** Lines of the override file that could not be used. */
  overrides_rejected: number;
  /** Absent where there is nothing to say, as of the pipeline's own files. */
  columns?: ColumnsReport;
  warnings?: readonly Warning[];
};

/** What enrichment sees of the invocation that it runs in. */
export type EnrichmentInvocation = LookUpRun & {
  /** Tells how many apps of each library are known, in the order of the keys. */
  progress(view: () => { done: number; total: number }[]): void;
};

type Context = {
  ports: IgdbEnrichmentPorts;
  overrides: Overrides;
  invocation: EnrichmentInvocation;
  tellProgress(): void;
};

/**
 * Enriches raw libraries, round by round: look up a portion of each library of a group, then write its rows. Small
 * libraries form groups, so that each app is looked up once for all of them; a large one goes alone, in portions.
 * When IGDB fails halfway, what was found is kept for the next attempt and nothing incomplete is published. What IGDB
 * refuses to be asked is PENDING, and the library is marked, so that it is asked again later.
 * @param keys of raw libraries.
 * @returns one outcome a key, in their order; UnfinishedWork where the invocation's time was too short.
 */
export async function igdbEnrichment(
  keys: readonly LibraryToEnrich[],
  ports: IgdbEnrichmentPorts,
  invocation: EnrichmentInvocation,
): Promise<PromiseSettledResult<IgdbEnrichmentAnswer>[]> {
  const { overrides, rejects } = await loadOverrides(ports);
  const begun = await Promise.allSettled(keys.map((key) => beginLibrary(key, ports)));
  const libraries = begun.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const view = () =>
    begun.map((result) => (result.status === 'fulfilled' ? progressOf(result.value) : { done: 0, total: 0 }));
  let gotOn = false;
  const context: Context = {
    ports,
    overrides,
    invocation,
    tellProgress: () => {
      gotOn = true;
      invocation.progress(view);
    },
  };
  for (const group of planGroups(libraries)) {
    for (let round = await nextRound(group); round.length > 0; round = await nextRound(group)) {
      const found = await lookUpRound(round, context);
      for (const { library, portion } of round)
        await attempt(library, () => writePortion(library, portion, found, ports));
    }
    for (const library of group) await attempt(library, () => publishLibrary(library, ports));
  }
  return begun.map((result) => {
    if (result.status === 'rejected') return result;
    const { failure } = result.value;
    return failure === undefined
      ? { status: 'fulfilled', value: answerOf(result.value, rejects.count) }
      : { status: 'rejected', reason: gotOn ? unfinished(failure) : failure };
  });
}

/** Without progress, running out of time is a failure like any other: IGDB may be all but down. */
function unfinished(failure: unknown): unknown {
  if (!(failure instanceof PipelineError) || failure.code !== 'IGDB_DEADLINE') return failure;
  const { code, message, details } = failure;
  return new UnfinishedWork(code, message, { retryable: true, details });
}

/** One library's failure is its own: its neighbours go on. */
async function attempt(library: LibraryInWork, work: () => Promise<void>): Promise<void> {
  if (library.failure !== undefined) return;
  try {
    await work();
  } catch (error) {
    library.failure = error;
    library.current = null;
    await library.writer?.discard();
  }
}

type RoundPart = { library: LibraryInWork; portion: Portion };

/** The next portion of each library that has one; none when all are through. */
async function nextRound(group: readonly LibraryInWork[]): Promise<RoundPart[]> {
  const round: RoundPart[] = [];
  for (const library of group)
    await attempt(library, async () => {
      const { value: portion, done } = await library.portions.next();
      if (!done) round.push({ library, portion });
    });
  return round;
}

const lookUpRound = (
  round: readonly RoundPart[],
  { ports, overrides, invocation: { shouldStop, onRefusal }, tellProgress }: Context,
): Promise<Found> =>
  lookUpPortions(
    round.map(({ portion }) => portion),
    overrides,
    ports,
    {
      shouldStop,
      onRefusal,
      onResolved: (evidence) => {
        for (const { library, portion } of round) library.current = { portion, evidence };
        tellProgress();
      },
    },
  );

function answerOf(library: LibraryInWork, overridesRejected: number): IgdbEnrichmentAnswer {
  const { MATCHED, UNMATCHED, IGNORED, PENDING } = library.counts;
  return {
    s3_key: printLibraryKey(enrichedKeyOf(library)),
    processed: MATCHED + UNMATCHED + IGNORED + PENDING,
    matched: MATCHED,
    unmatched: UNMATCHED,
    filtered: IGNORED,
    pending: PENDING,
    rejected: library.rejects.count,
    overrides_rejected: overridesRejected,
    ...(library.columns && { columns: library.columns }),
    ...(PENDING > 0 && { warnings: [notLookedUp(PENDING)] }),
  };
}

const notLookedUp = (apps: number): Warning => ({
  code: 'APPS_NOT_LOOKED_UP',
  message: `IGDB, which knows the games, refused the question about ${apps} ${apps === 1 ? 'app' : 'apps'} of this library; it is asked again within a day.`,
});
