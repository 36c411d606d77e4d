/**
 * The run of a job (see StageStatus) that somebody asked for says which apps are asked for again, so that it holds
 * through retries and dead letters.
 */

/** Of which apps what was learnt before `since`, in Unix seconds, is not believed. */
export type Freshness = {
  /** `unmatched`: what the store said and the games that were found hold, and IGDB is asked for the rest. */
  of: 'all' | 'unmatched';
  since: number;
};

/** Apps for which no game was found. */
export const rerunOnly = ['unmatched'] as const;
export type RerunOnly = (typeof rerunOnly)[number];

const runs = { plain: 'rerun-', all: 'rerun-fresh-', unmatched: 'rerun-unmatched-' } as const;

export const runOf = (
  at: Date,
  { fresh = false, only }: { fresh?: boolean | undefined; only?: RerunOnly | undefined },
): string => runs[only ?? (fresh ? 'all' : 'plain')] + at.toISOString();

/** Undefined where what is remembered will do. */
export function freshnessOfRun(run: string): Freshness | undefined {
  for (const apps of ['all', 'unmatched'] as const) {
    const at = run.startsWith(runs[apps]) ? Date.parse(run.slice(runs[apps].length)) : Number.NaN;
    if (!Number.isNaN(at)) return { of: apps, since: Math.floor(at / 1000) };
  }
  return undefined;
}
