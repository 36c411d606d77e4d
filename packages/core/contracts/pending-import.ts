import * as v from 'valibot';

/**
 * `open/pending/{import_id}`: an import some of whose apps IGDB did not take a question about, so that they are asked
 * for again.
 */
export const PendingImport = v.object({
  /** When its library was published first, ISO 8601. */
  since: v.pipe(v.string(), v.isoTimestamp()),
  /** How often its apps were asked for again. */
  tries: v.pipe(v.number(), v.integer(), v.minValue(0)),
});
export type PendingImport = v.InferOutput<typeof PendingImport>;

const runBefore = 'ask-again-';
/** Names the run of an enrichment that asks again (see StageStatus). */
export const runOfAskingAgain = (at: Date): string => `${runBefore}${at.toISOString()}`;
export const isAskingAgain = (run: string): boolean => run.startsWith(runBefore);
