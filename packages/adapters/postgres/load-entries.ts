import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import type { LibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { type RawBuilder, sql } from 'kysely';
import { arrayParameter } from './array-parameter.ts';
import { beforeEntry, changesOfBatch, markColumns } from './library-changes.ts';
import type { LibraryState } from './library-state.ts';
import { type AppFact, appRows } from './load-apps.ts';
import { isPlaytime, toldColumns } from './told.ts';
import { type Rows, writeRows } from './write-rows.ts';

/**
 * App ids: `added` to this library, and of the others those whose entry or app `changed`, some of them twice; and how many
 * minutes were played since Steam was asked before.
 */
export type WrittenEntries = { added: number[]; changed: number[]; minutes_played: number };

/**
 * The statement that writes the apps and the entries that are new or changed.
 * @param facts no appId twice, sorted by it. @param withheld whether the import withholds its playtimes.
 */
export const entriesStatement = (
  library: LibraryKey,
  state: LibraryState,
  facts: readonly AppFact[],
  withheld: boolean,
): RawBuilder<WrittenEntries> => sql`
  with ${writeRows(appRows(facts, state))},
  ${writeRows(
    entryRows(
      facts.map(({ row }) => row),
      library,
      state,
      withheld,
    ),
  )},
  written as (
    select app_id, is_new from written_library_entries
    union all select app_id, false from written_steam_apps where not is_new
  ),
  ${changesOfBatch(library, state)}
  select coalesce(json_agg(app_id) filter (where is_new), '[]') as added,
    coalesce(json_agg(app_id) filter (where not is_new), '[]') as changed,
    (select minutes_played from changes) as minutes_played
  from written`;

/**
 * `status` and `notes` are people's and not among these. A column that a newer import of this person told is left
 * alone, and what nobody told stays. An entry that only this older import lists is written as last seen by it.
 */
function entryRows(
  rows: readonly EnrichedRow[],
  { importId, steamId }: LibraryKey,
  state: LibraryState,
  withheld: boolean,
): Rows {
  const { newestImportId, newerImportIds, newerIsComplete, toldByNewer } = state;
  const computed = {
    steam_id: sql`${steamId}::text`,
    last_played_at: sql`to_timestamp(incoming.last_played_at)`,
    last_seen_import_id: sql`${newerImportIds.length > 0 ? importId : null}::text`,
    gone: sql`${newerIsComplete}::boolean`,
    ...markColumns(withheld),
  };
  const columnOf = (index: number) => {
    const [column, property] = toldColumns[index]!;
    const values = rows.map((row) =>
      (toldByNewer.get(row.appId) ?? 0) & (1 << index) ? null : row[property],
    );
    return [column, 'int', values] as const;
  };
  const mergedOf = (column: string) => {
    const incoming = computed[column as keyof typeof computed] ?? sql.ref(`incoming.${column}`);
    const stored = sql.ref(`stored.${column}`);
    return withheld && isPlaytime(column)
      ? sql`coalesce(${stored}, ${incoming})`
      : sql`coalesce(${incoming}, ${stored})`;
  };
  // A null last_seen_import_id stands for the newest import.
  const seenByNewer = sql`(stored.steam_id is not null
    and coalesce(stored.last_seen_import_id, ${newestImportId}::text) = any(${arrayParameter('text', newerImportIds)}))`;
  const unlessSeen = (column: 'last_seen_import_id' | 'gone') =>
    newerImportIds.length === 0
      ? computed[column]
      : sql`case when ${seenByNewer} then ${sql.ref(`stored.${column}`)} else ${computed[column]} end`;
  return {
    table: 'library_entries',
    key: ['steam_id', 'app_id'],
    incoming: [
      ['app_id', 'int', rows.map((row) => row.appId)],
      ...toldColumns.map((_, index) => columnOf(index)),
    ],
    computed,
    merged: {
      ...Object.fromEntries(toldColumns.map(([column]) => [column, mergedOf(column)])),
      last_seen_import_id: unlessSeen('last_seen_import_id'),
      gone: unlessSeen('gone'),
    },
    kept: beforeEntry(withheld),
  };
}
