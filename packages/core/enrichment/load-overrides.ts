import { overridesKey, rejectsKey } from '../contracts/object-key.ts';
import { type Overrides, readOverrides } from '../contracts/overrides.ts';
import { RejectedRows } from '../contracts/rejects.ts';
import { ValidationError } from '../errors.ts';
import { keepRejects, type RejectFiles } from '../stages/library-files.ts';

export type OverridesReader = {
  /** Null when nobody wrote overrides. */
  openOverrides(): Promise<AsyncIterable<Uint8Array> | null>;
};

type ReadOverrides = { overrides: Overrides | null; rejects: RejectedRows };

/**
 * What people decided, and the lines that cannot be used, which are noted in `rejects/` too. `overrides` is null when
 * the file as a whole cannot be read.
 */
export async function loadOverrides(ports: OverridesReader & RejectFiles): Promise<ReadOverrides> {
  const file = await ports.openOverrides();
  if (file === null) return { overrides: new Map(), rejects: new RejectedRows() };
  const result = await readOverrides(file).catch((error): ReadOverrides => {
    // A file that is no CSV at all must not stop every import; it counts as one bad line.
    if (!(error instanceof ValidationError)) throw error;
    const rejects = new RejectedRows();
    rejects.add([{ line: 1, reason: error.message, record: '' }]);
    return { overrides: null, rejects };
  });
  await keepRejects(rejectsKey(overridesKey), result.rejects, ports);
  return result;
}
