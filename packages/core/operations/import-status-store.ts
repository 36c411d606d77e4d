import type { ImportId } from '../contracts/import-id.ts';
import type { ImportRequest } from '../contracts/import-request.ts';
import type { StoredStatus, StageStatus } from '../contracts/import-status.ts';
import type { SteamId } from '../steam-id.ts';

/** What the API and the stages store of each import: `status/{import_id}/….json`. */
export type ImportStatusStore = {
  /** Lists the import as open too. @returns false when an import of this id exists already. */
  createRequest(request: ImportRequest): Promise<boolean>;
  /**
   * Tells what a stage does now; what is stored afterwards follows `mergeStageStatus`. The end of an import takes the
   * marker that says that it is open.
   */
  report(importId: ImportId, status: StageStatus): Promise<void>;
  /** Null when nobody ever stored anything of this import. */
  read(importId: ImportId): Promise<StoredStatus | null>;
  /** Import ids of one person, or of all, newest first. */
  list(options: { steamId?: SteamId | undefined; max: number }): Promise<ImportId[]>;
};
