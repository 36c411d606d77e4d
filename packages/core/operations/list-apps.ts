import type { Classification, MatchStatus } from '../contracts/classification.ts';
import { type EnrichedRow, readEnrichedLibrary } from '../contracts/enriched-library.ts';
import type { ImportId } from '../contracts/import-id.ts';
import { libraryKeyOf, printLibraryKey } from '../contracts/library-key.ts';
import type { OpenObjects } from './list-rejects.ts';

/** Matches that are less sure than this are worth a look. */
export const doubtfulBelow = 0.9;

export type AppsFilter = {
  matchStatus?: MatchStatus | undefined;
  classification?: Classification | undefined;
  /** Only matches that may be wrong. */
  doubtful?: boolean | undefined;
  appId?: number | undefined;
};
export type AppsPage = { max: number /** `next_cursor` of the page before. */; cursor?: number | undefined };

/** What enrichment made of an app, as the HTTP API tells it. Null is what the file does not tell. */
export type MatchedApp = {
  appid: number;
  name: string | null;
  classification: Classification | null;
  match_status: MatchStatus;
  igdb_id: number | null;
  igdb_name: string | null;
  match_method: string | null;
  /** From 0 to 1. */
  match_confidence: number | null;
  match_reason: string | null;
  /** Games that were not taken. Files of before have their ids alone. */
  candidates: { igdb_id: number; name?: string }[];
};

/**
 * An import's apps in the order of its enriched file, which a re-run keeps: the cursor is how many rows are passed. The
 * file is read as far as the page reaches.
 * @returns null when there is no enriched file: not yet, or no more.
 * @throws ValidationError CSV_…: it is unusable; StorageError
 */
export async function listApps(
  importId: ImportId,
  filter: AppsFilter,
  { max, cursor = 0 }: AppsPage,
  objects: OpenObjects,
): Promise<{ apps: MatchedApp[]; next_cursor?: string } | null> {
  const file = await objects.open(printLibraryKey(libraryKeyOf('enriched', importId)));
  if (file === null) return null;
  const apps: MatchedApp[] = [];
  let passed = 0;
  for await (const { rows } of readEnrichedLibrary(file.body)) {
    for (const row of rows) {
      const isWanted = passed >= cursor && fits(row, filter);
      if (isWanted && apps.length === max) return { apps, next_cursor: String(passed) };
      if (isWanted) apps.push(viewApp(row));
      passed += 1;
    }
  }
  return { apps };
}

const fits = (row: EnrichedRow, { matchStatus, classification, doubtful, appId }: AppsFilter): boolean =>
  (appId === undefined || row.appId === appId) &&
  (matchStatus === undefined || row.matchStatus === matchStatus) &&
  (classification === undefined || row.classification === classification) &&
  (!doubtful || isDoubtful(row));

const isDoubtful = ({ matchStatus, matchConfidence }: EnrichedRow): boolean =>
  matchStatus === 'MATCHED' && matchConfidence !== null && matchConfidence < doubtfulBelow;

const viewApp = (row: EnrichedRow): MatchedApp => ({
  appid: row.appId,
  name: row.name,
  classification: row.classification,
  match_status: row.matchStatus,
  igdb_id: row.game?.igdbId ?? null,
  igdb_name: row.game?.name ?? null,
  match_method: row.matchMethod,
  match_confidence: row.matchConfidence,
  match_reason: row.matchReason,
  candidates: candidatesOf(row),
});

function candidatesOf({ rejectedIgdbIds, candidates }: EnrichedRow): MatchedApp['candidates'] {
  const names = new Map((candidates ?? []).map(({ id, name }) => [id, name]));
  return rejectedIgdbIds.map((igdbId) => {
    const name = names.get(igdbId);
    return { igdb_id: igdbId, ...(name !== undefined && { name }) };
  });
}
