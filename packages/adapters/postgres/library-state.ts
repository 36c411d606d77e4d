import type { LibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from './schema.ts';

/** Where an import stands among those loaded before it. Imports without a valid row do not count. */
export type LibraryState = {
  /** The newest other import of this person. */
  newestImportId: string | null;
  /** Imports of this person that are newer than this one; none when this one is the newest. */
  newerImportIds: string[];
  /** A newer import of this person had no rejected rows, so what it lacks is gone. */
  newerIsComplete: boolean;
  loadedBefore: boolean;
  /** What newer imports of anybody spoke of: an older one has no say in it. */
  spoken: Record<keyof ImportContents, ReadonlySet<number>>;
  genres: NamedRow[];
  platforms: NamedRow[];
};
/** A row of `genres` or `platforms`. */
export type NamedRow = { id: number; igdb_id: number | null; name: string };
/** The ids that an import spoke of, as `import_contents` keeps them. */
export type ImportContents = {
  looked_up_app_ids: number[];
  pending_app_ids: number[];
  game_igdb_ids: number[];
  genre_igdb_ids: number[];
  platform_igdb_ids: number[];
};
export const contentColumns = [
  'looked_up_app_ids',
  'pending_app_ids',
  'game_igdb_ids',
  'genre_igdb_ids',
  'platform_igdb_ids',
] as const satisfies (keyof ImportContents)[];

type StateRow = {
  newest_import_id: string | null;
  newer_import_ids: string[];
  newer_is_complete: boolean;
  loaded_before: boolean;
  genres: NamedRow[];
  platforms: NamedRow[];
} & ImportContents;

/** All that a load must know before its first row, in one statement. */
export async function readLibraryState(
  trx: Transaction<Database>,
  { importId, steamId, importedAt }: LibraryKey,
): Promise<LibraryState> {
  const importedAtText = new Date(importedAt).toISOString();
  const { rows } = await sql<StateRow>`
    with newer as (
      select import_id, steam_id, rejected = 0 as complete from imports
      where (imported_at, import_id collate "C") > (${importedAtText}::timestamptz, ${importId})
        and imported_count + ignored > 0
    )
    select
      (select import_id from imports
        where steam_id = ${steamId} and import_id <> ${importId} and imported_count + ignored > 0
        order by imported_at desc, import_id collate "C" desc limit 1) as newest_import_id,
      array(select import_id from newer where steam_id = ${steamId}) as newer_import_ids,
      exists (select from newer where steam_id = ${steamId} and complete) as newer_is_complete,
      exists (select from imports where import_id = ${importId} and imported_count + ignored > 0) as loaded_before,
      ${sql.join(contentColumns.map(spokenIds))},
      (select coalesce(json_agg(genres), '[]') from genres) as genres,
      (select coalesce(json_agg(platforms), '[]') from platforms) as platforms`.execute(trx);
  const row = rows[0]!;
  return {
    newestImportId: row.newest_import_id,
    newerImportIds: row.newer_import_ids,
    newerIsComplete: row.newer_is_complete,
    loadedBefore: row.loaded_before,
    spoken: {
      looked_up_app_ids: new Set(row.looked_up_app_ids),
      pending_app_ids: new Set(row.pending_app_ids),
      game_igdb_ids: new Set(row.game_igdb_ids),
      genre_igdb_ids: new Set(row.genre_igdb_ids),
      platform_igdb_ids: new Set(row.platform_igdb_ids),
    },
    genres: row.genres,
    platforms: row.platforms,
  };
}

const spokenIds = (column: string): RawBuilder<unknown> => sql`
  array(select distinct unnest(${sql.ref(column)}) from import_contents join newer using (import_id)) as ${sql.ref(column)}`;
