import type { LibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { sql, type Transaction } from 'kysely';
import type { Database } from './schema.ts';
import { allBits } from './told.ts';

/** Where an import stands among those loaded before it. Imports without a valid row do not count. */
export type LibraryState = {
  /** What orders the import among those of its person. */
  importedAt: Date;
  /** The clock of the database, Unix seconds. */
  nowSeconds: number;
  /** The newest other import of this person. */
  newestImportId: string | null;
  /** Imports of this person that are newer than this one; none when this one is the newest. */
  newerImportIds: string[];
  /** A newer import of this person had no rejected rows, so what it lacks is gone. */
  newerIsComplete: boolean;
  loadedBefore: boolean;
  /** Which entry columns newer imports of this person told, as bits (see `told.ts`), by app id. */
  toldByNewer: ReadonlyMap<number, number>;
  /** When the latest of all facts was learnt that any import told; null where none is known. */
  newestConfirmation: number | null;
  /** How many rows of `import_contents` tell of shared rows. */
  confirmationRows: number;
  genres: NamedRow[];
  platforms: NamedRow[];
  lateImportDays: number;
  /** What newer imports told may be forgotten by now, and of what it tells itself nobody will ask. */
  isLate: boolean;
};
export const defaultLateImportDays = 90;
/** A row of `genres` or `platforms`; `learnt_at` in Unix seconds. */
export type NamedRow = { id: number; igdb_id: number | null; name: string; learnt_at: number };

type StateRow = {
  imported_at: Date;
  now_seconds: number;
  newest_import_id: string | null;
  newer_import_ids: string[];
  newer_is_complete: boolean;
  loaded_before: boolean;
  told_by_newer: [appId: number, told: number][];
  newest_confirmation: number | null;
  confirmation_rows: number;
  genres: NamedRow[];
  platforms: NamedRow[];
  is_late: boolean;
};

/**
 * All that a load must know before its first row, in one statement.
 * An import id of the future would make its import the newest for years: the time of its first load bounds it.
 */
export async function readLibraryState(
  trx: Transaction<Database>,
  { importId, steamId, importedAt }: LibraryKey,
  lateImportDays: number,
): Promise<LibraryState> {
  const importedAtText = new Date(importedAt).toISOString();
  const { rows } = await sql<StateRow>`
    with this as (
      select coalesce(
        (select imported_at from imports where import_id = ${importId}),
        least(${importedAtText}::timestamptz, date_trunc('milliseconds', clock_timestamp()))
      ) as imported_at
    ),
    newer as (
      select import_id, rejected = 0 as complete from imports
      where steam_id = ${steamId}
        and (imported_at, import_id collate "C") > ((select imported_at from this), ${importId})
        and imported_count + ignored > 0
    ),
    late as (select imported_at < ${cutOff(lateImportDays)} as is_late from this),
    told as (
      select app_id, bit_or(told) as told from (
        select app_id, told
        from import_contents join newer using (import_id) cross join lateral unnest(ids) as app_id
        where kind = 'library_entries'
        union all
        -- What they told may be forgotten by now, so that all of it stands.
        select app_id, ${allBits} from library_entries, late
        where steam_id = ${steamId} and is_late and exists (select from newer)
      ) as each
      group by app_id
    )
    select
      (select imported_at from this) as imported_at,
      floor(extract(epoch from clock_timestamp()))::int as now_seconds,
      (select import_id from imports
        where steam_id = ${steamId} and import_id <> ${importId} and imported_count + ignored > 0
        order by imported_at desc, import_id collate "C" desc limit 1) as newest_import_id,
      array(select import_id from newer) as newer_import_ids,
      exists (select from newer where complete) as newer_is_complete,
      exists (select from imports where import_id = ${importId} and imported_count + ignored > 0) as loaded_before,
      (select coalesce(json_agg(json_build_array(app_id, told)), '[]') from told) as told_by_newer,
      (select max(newest_learnt_at) from import_contents where newest_learnt_at is not null) as newest_confirmation,
      (select count(*)::int from import_contents where newest_learnt_at is not null) as confirmation_rows,
      ${namedRows('genres')} as genres,
      ${namedRows('platforms')} as platforms,
      (select is_late from late) as is_late`.execute(trx);
  const row = rows[0]!;
  return {
    importedAt: row.imported_at,
    nowSeconds: row.now_seconds,
    newestImportId: row.newest_import_id,
    newerImportIds: row.newer_import_ids,
    newerIsComplete: row.newer_is_complete,
    loadedBefore: row.loaded_before,
    toldByNewer: new Map(row.told_by_newer),
    newestConfirmation: row.newest_confirmation,
    confirmationRows: row.confirmation_rows,
    genres: row.genres,
    platforms: row.platforms,
    lateImportDays,
    isLate: row.is_late,
  };
}

/**
 * Imports of before that time are late: see `lateImportDays` of the loader. The time of the transaction, because an index
 * is of no use against a clock that goes on.
 */
export const cutOff = (lateImportDays: number) => sql`now() - make_interval(days => ${lateImportDays})`;

const namedRows = (table: 'genres' | 'platforms') => sql`(
  select coalesce(json_agg(json_build_object('id', id, 'igdb_id', igdb_id, 'name', name,
    'learnt_at', greatest(floor(extract(epoch from learnt_at))::int, confirmed_at))), '[]')
  from ${sql.table(table)} left join (
    select igdb_id, max(at) as confirmed_at
    from import_contents cross join lateral unnest(ids, learnt_at) as one(igdb_id, at)
    where kind = ${sql.lit(table)} and newest_learnt_at is not null group by igdb_id
  ) confirmed using (igdb_id)
)`;
