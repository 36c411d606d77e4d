import { overridesKey, rejectsKey } from '../contracts/object-key.ts';
import { type Overrides, readOverrides } from '../contracts/overrides.ts';
import { RejectedRows } from '../contracts/rejects.ts';
import { PipelineError, ValidationError } from '../errors.ts';
import { keepRejects, type RejectFiles } from '../stages/library-files.ts';

export type OverridesReader = {
  /** Null when nobody wrote overrides. */
  openOverrides(): Promise<AsyncIterable<Uint8Array> | null>;
};

/** The code of a failure that only a corrected file ends. */
export const overridesUnusable = 'OVERRIDES_UNUSABLE';

/**
 * What people decided, and the lines that cannot be used, which are noted in `rejects/` too.
 * @throws PipelineError OVERRIDES_UNUSABLE, retryable, where the file as a whole cannot be read: to publish without it
 *   would undo what people decided (docs/decisions/0031-broken-overrides-stop-enrichment.md).
 */
export async function loadOverrides(
  ports: OverridesReader & RejectFiles,
): Promise<{ overrides: Overrides; rejects: RejectedRows }> {
  const file = await ports.openOverrides();
  if (file === null) return { overrides: new Map(), rejects: new RejectedRows() };
  const result = await readOverrides(file).catch((error) => {
    throw error instanceof ValidationError ? unusable(error) : error;
  });
  await keepRejects(rejectsKey(overridesKey), result.rejects, ports);
  return result;
}

const unusable = (cause: ValidationError) =>
  new PipelineError(
    overridesUnusable,
    "The service's list of corrections cannot be read. The import waits and goes on once it can.",
    {
      retryable: true,
      operatorHint: `Correct ${overridesKey}, or restore its last version. ${cause.message}`,
      cause,
      details: { reason: cause.code },
    },
  );
