import type { ImportId } from '../contracts/import-id.ts';
import type { Place } from '../contracts/object-key.ts';

/**
 * What spares a walk through all that was ever imported: an index of imports, newest first, and a marker of each that has
 * not ended. Both are empty objects whose keys say everything, and only a help: `index-imports.ts` makes them anew.
 */
export type ImportIndex = {
  /** Lists an import, and marks it as open. Again, with the same place, changes nothing. */
  add(place: Place): Promise<void>;
  /** Marks imports as open that are sent on their way once more. */
  reopen(importIds: readonly ImportId[]): Promise<void>;
  /** Takes the marker of an import that has ended. */
  close(importId: ImportId): Promise<void>;
  /** The newest imports after `cursor`, with the cursor behind each. At most 1,000. */
  page(options: { cursor?: string | undefined; max: number }): Promise<IndexEntry[]>;
  /** Imports that are marked as open, and since when. */
  listOpen(): AsyncIterable<{ importId: ImportId; since: Date }>;
};
export type IndexEntry = Place & { cursor: string };

/** The most entries that one listing looks at. */
export const mostEntries = 1000;
