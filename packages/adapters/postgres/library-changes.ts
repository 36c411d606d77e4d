import type { LibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { type RawBuilder, sql } from 'kysely';
import type { LibraryState } from './library-state.ts';

/**
 * The journal: what an import changed in a library, for those who follow it by `seq`. The load's lock gives it the order of
 * the commits (docs/decisions/0002-one-lock-for-loads.md). It tells what arrived: an older import that comes late and
 * changes nothing leaves nothing in it.
 */
export const defaultJournalDays = 730;

/** Nobody had a library of this person before, so that all of it is one row. */
export const isFirst = ({ newestImportId, loadedBefore }: LibraryState): boolean =>
  newestImportId === null && !loadedBefore;

const recordChanges = (
  { importId, steamId }: LibraryKey,
  { importedAt }: LibraryState,
  changes: RawBuilder<unknown>,
) => sql`
  insert into library_changes (import_id, steam_id, imported_at, app_id, kind, minutes_before, minutes_after)
  select ${importId}, ${steamId}, ${importedAt.toISOString()}::timestamptz,
    app_id, kind, minutes_before::int, minutes_after::int
  from (${changes}) change
  order by app_id, kind`;

/** The most that Steam ever told of an entry; null where it told nothing. Over `stored`. */
const mark = sql`case when not stored.playtime_withheld
  then greatest(stored.highest_playtime_minutes, stored.playtime_minutes) end`;

/** Whether the import tells how long the app was played. Over `incoming`. */
const tellsPlaytime = (withheld: boolean) => sql`(${!withheld} and incoming.playtime_minutes is not null)`;

/** What an entry keeps so that each minute is counted once and none is invented. Over `incoming` and `stored`. */
export const markColumns = (withheld: boolean) => ({
  highest_playtime_minutes: sql`case
    when not ${tellsPlaytime(withheld)} then stored.highest_playtime_minutes
    when ${mark} > incoming.playtime_minutes then ${mark}
  end`,
  playtime_withheld: sql`case
    when ${tellsPlaytime(withheld)} then false
    when ${withheld} and stored.playtime_minutes is null then incoming.playtime_minutes is not null
    else coalesce(stored.playtime_withheld, false)
  end`,
});

/** What `written_library_entries` and `written_steam_apps` must know beside their columns. */
export const beforeEntry = (withheld: boolean) => ({
  was_gone: sql`stored.gone`,
  minutes_stored: sql`stored.playtime_minutes`,
  /** Null where no minute could be counted. */
  minutes_marked: sql`case when ${tellsPlaytime(withheld)} then ${mark} end`,
});
export const beforeApp = { matched_game_id: sql`stored.game_id` };

/**
 * CTE `changes` over those two: what a batch changed in the library. An app that comes in as gone, from an older import, was
 * never there for those who follow. A match is told to the person whose import brought it.
 */
export const changesOfBatch = (library: LibraryKey, state: LibraryState): RawBuilder<unknown> =>
  isFirst(state)
    ? sql`changes as (select 0 as minutes_played)`
    : sql`
  recorded as (${recordChanges(
    library,
    state,
    sql`
    select app_id, 'added' as kind, null as minutes_before, playtime_minutes as minutes_after
    from written_library_entries where is_new and not gone
    union all
    select app_id, case when gone then 'gone' else 'returned' end, minutes_stored, playtime_minutes
    from written_library_entries where not is_new and gone <> was_gone
    union all
    select app_id, 'played', minutes_marked, playtime_minutes
    from written_library_entries where playtime_minutes > minutes_marked
    union all
    select app_id, 'matched', null, null
    from written_steam_apps app
    where match_status = 'MATCHED' and game_id is distinct from matched_game_id
      and not exists (select from written_library_entries entry where entry.app_id = app.app_id and entry.is_new)`,
  )} returning kind, minutes_before, minutes_after),
  changes as (
    select coalesce(sum(minutes_after - minutes_before), 0)::int as minutes_played from recorded where kind = 'played'
  )`;

/** CTEs over `missing`: what the end of a load adds, and what is too old to be kept. */
export const changesOfEnd = (
  library: LibraryKey,
  state: LibraryState,
  journalDays: number,
): RawBuilder<unknown> => sql`
    changes as (${recordChanges(
      library,
      state,
      isFirst(state)
        ? sql`select null::int as app_id, 'imported' as kind, null as minutes_before, null as minutes_after`
        : sql`
      select app_id, 'gone' as kind, playtime_minutes as minutes_before, playtime_minutes as minutes_after
      from missing where gone`,
    )}),
    forgotten_changes as (
      delete from library_changes using (
        select seq, recorded_at from library_changes order by seq limit ${sql.lit(prunedAtOnce)} for update skip locked
      ) oldest
      where library_changes.seq = oldest.seq and oldest.recorded_at < now() - make_interval(days => ${journalDays})
    )`;

/** More than a load adds, as a rule; a new library of 10,000 games adds one. */
const prunedAtOnce = 500;
