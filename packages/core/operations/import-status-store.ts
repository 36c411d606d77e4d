import type { ImportId } from '../contracts/import-id.ts';
import type { ImportRequest } from '../contracts/import-request.ts';
import type { StoredStatus, StageStatus } from '../contracts/import-status.ts';
import type { Place } from '../contracts/object-key.ts';
import type { SteamId } from '../steam-id.ts';

/** How a stage tells what it does. */
export type StatusReports = {
  /**
   * Tells what a stage does now; what is stored afterwards follows `mergeStageStatus`. The end of an import takes the
   * marker that says that it is open.
   */
  report(importId: ImportId, status: StageStatus): Promise<void>;
};

/** What the API and the stages store of each import: `status/{import_id}/….json`. */
export type ImportStatusStore = StatusReports & {
  /** Lists the import as open too. @returns false when an import of this id exists already. */
  createRequest(request: ImportRequest): Promise<boolean>;
  /** Null when nobody ever stored anything of this import. */
  read(importId: ImportId): Promise<StoredStatus | null>;
  /**
   * Where an import stands that began with a dropped file: what was told first stays, however often the file is dropped
   * again or announced.
   * @param at when it was dropped, Unix milliseconds.
   */
  placeDropped(importId: ImportId, at: () => Promise<number>): Promise<Place>;
  /** One person's imports, those first that were asked for or dropped last. */
  listPlaces(steamId: SteamId): Promise<Place[]>;
  /** Import ids of one person, or of all, those of the newest libraries first. */
  list(options: { steamId?: SteamId | undefined; max: number }): Promise<ImportId[]>;
};
