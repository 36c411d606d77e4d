import type { Reject } from '../contracts/csv.ts';
import { overridesKey, rejectsKey } from '../contracts/object-key.ts';
import { type Overrides, readOverrides } from '../contracts/overrides.ts';
import { ValidationError } from '../errors.ts';
import { keepRejects, type RejectFiles } from '../stages/library-files.ts';

export type OverridesReader = {
  /** Null when nobody wrote overrides. */
  openOverrides(): Promise<AsyncIterable<Uint8Array> | null>;
};

/** What people decided, and the lines that cannot be used, which are noted in `rejects/` too. */
export async function loadOverrides(
  ports: OverridesReader & RejectFiles,
): Promise<{ overrides: Overrides; rejects: Reject[] }> {
  const file = await ports.openOverrides();
  if (file === null) return { overrides: new Map(), rejects: [] };
  const result = await readOverrides(file).catch((error): { overrides: Overrides; rejects: Reject[] } => {
    // A file that is no CSV at all must not stop every import; it counts as one bad line.
    if (!(error instanceof ValidationError)) throw error;
    return { overrides: new Map(), rejects: [{ line: 1, reason: error.message, record: '' }] };
  });
  await keepRejects(rejectsKey(overridesKey), result.rejects, ports);
  return result;
}
