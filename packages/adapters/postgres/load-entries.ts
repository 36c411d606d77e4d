import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { placeholderName } from '@savepoint/core/contracts/raw-library.ts';
import type { LibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { type RawBuilder, sql } from 'kysely';
import { arrayParameter } from './array-parameter.ts';
import type { LibraryState } from './library-state.ts';
import { type Rows, writeRows } from './write-rows.ts';

/** `speaksOf`: whether this import has a say in the app itself. `gameIdOf`: the row of its game in `games`. */
export type AppLinks = {
  speaksOf(row: EnrichedRow): boolean;
  gameIdOf(row: EnrichedRow): number | null;
};

/** App ids: `added` to this library, and of the others those whose entry or app `changed`, some of them twice. */
export type WrittenEntries = { added: number[]; changed: number[] };

/**
 * The statement that writes the apps and the entries that are new or changed.
 * @param rows no appId twice, sorted by it.
 */
export const entriesStatement = (
  library: LibraryKey,
  state: LibraryState,
  rows: readonly EnrichedRow[],
  { speaksOf, gameIdOf }: AppLinks,
): RawBuilder<WrittenEntries> => sql`
  with ${writeRows(appRows(rows.filter(speaksOf), gameIdOf))}, ${writeRows(entryRows(rows, library, state))},
  written as (
    select app_id, is_new from written_library_entries
    union all select app_id, false from written_steam_apps where not is_new
  )
  select coalesce(json_agg(app_id) filter (where is_new), '[]') as added,
    coalesce(json_agg(app_id) filter (where not is_new), '[]') as changed
  from written`;

/** A PENDING row says nothing about an app that was looked up before. */
const appRows = (rows: readonly EnrichedRow[], gameIdOf: (row: EnrichedRow) => number | null): Rows => ({
  table: 'steam_apps',
  key: ['app_id'],
  incoming: [
    ['app_id', 'int', rows.map((row) => row.appId)],
    ['name', 'text', rows.map((row) => row.name ?? placeholderName(row.appId))],
    ['icon_hash', 'text', rows.map((row) => row.iconHash)],
    ['classification', 'text', rows.map((row) => row.classification ?? 'game')],
    ['classification_source', 'text', rows.map((row) => row.classificationSource)],
    ['match_status', 'text', rows.map((row) => row.matchStatus)],
    ['match_method', 'text', rows.map((row) => row.matchMethod)],
    ['match_confidence', 'real', rows.map((row) => row.matchConfidence)],
    ['match_reason', 'text', rows.map((row) => row.matchReason)],
    ['rejected_igdb_ids', 'text', rows.map((row) => `{${row.rejectedIgdbIds.join()}}`)],
    ['game_id', 'int', rows.map((row) => gameIdOf(row))],
  ],
  computed: { rejected_igdb_ids: sql`incoming.rejected_igdb_ids::int[]` },
  overwrite: sql`(incoming.match_status <> 'PENDING' or stored.match_status = 'PENDING')`,
});

/**
 * `status` and `notes` are people's and not among these. An entry that a newer import listed is left alone; what
 * only this older import lists is written as last seen by it.
 */
const entryRows = (
  rows: readonly EnrichedRow[],
  { importId, steamId }: LibraryKey,
  { newestImportId, newerImportIds, newerIsComplete }: LibraryState,
): Rows => ({
  table: 'library_entries',
  key: ['steam_id', 'app_id'],
  incoming: [
    ['app_id', 'int', rows.map((row) => row.appId)],
    ['playtime_minutes', 'int', rows.map((row) => row.playtimeMinutes ?? 0)],
    ['playtime_2weeks_minutes', 'int', rows.map((row) => row.playtime2WeeksMinutes)],
    ['playtime_windows_minutes', 'int', rows.map((row) => row.playtimeWindowsMinutes)],
    ['playtime_mac_minutes', 'int', rows.map((row) => row.playtimeMacMinutes)],
    ['playtime_linux_minutes', 'int', rows.map((row) => row.playtimeLinuxMinutes)],
    ['playtime_deck_minutes', 'int', rows.map((row) => row.playtimeDeckMinutes)],
    ['playtime_disconnected_minutes', 'int', rows.map((row) => row.playtimeDisconnectedMinutes)],
    ['last_played_at', 'int', rows.map((row) => row.lastPlayedAt)],
  ],
  computed: {
    steam_id: sql`${steamId}::text`,
    last_played_at: sql`to_timestamp(incoming.last_played_at)`,
    last_seen_import_id: sql`${newerImportIds.length > 0 ? importId : null}::text`,
    gone: sql`${newerIsComplete}::boolean`,
  },
  // A null last_seen_import_id stands for the newest import.
  overwrite: sql`coalesce(stored.last_seen_import_id, ${newestImportId}::text) <> all(${arrayParameter('text', newerImportIds)})`,
});
