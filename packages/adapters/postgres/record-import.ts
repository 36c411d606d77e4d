import { type LibraryKey, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { LoadSummary } from '@savepoint/core/stages/database-import.ts';
import { sql, type Transaction } from 'kysely';
import { arrayParameter } from './array-parameter.ts';
import { type Facts, writeConfirmations } from './confirmations.ts';
import { changesOfEnd } from './library-changes.ts';
import { cutOff, type LibraryState } from './library-state.ts';
import type { Database } from './schema.ts';

/** What an import told. */
export type Told = {
  /** The apps that it lists, by the columns of their entries that it told (see `told.ts`). */
  appIdsByTold: ReadonlyMap<number, readonly number[]>;
  facts: readonly Facts[];
};
/** What a load counted before its end. */
export type Counted = Omit<LoadSummary, 'gone' | 'warnings'>;

/**
 * Ends a load: marks what Steam no longer lists, and records the import, unless it changed nothing and its record
 * says so already.
 * @returns how many entries are gone now that were not before.
 */
export async function recordImport(
  trx: Transaction<Database>,
  library: LibraryKey,
  state: LibraryState,
  told: Told,
  counted: Counted,
  journalDays: number,
): Promise<number> {
  // A private or empty answer says nothing: it is recorded, unless its import once had rows, and changes nothing.
  const empty = counted.imported_count + counted.ignored === 0;
  if (empty) {
    await sql`with newly_gone as (select 0 as gone) ${insertRecord(library, state, counted)} on conflict do nothing`.execute(
      trx,
    );
    return 0;
  }
  const { rows } = await sql<{ gone: number }>`
    with missing as (${markMissing(library, state, told, counted)}),
    newly_gone as (select count(*)::int as gone from missing where missing.gone),
    recorded as (${insertRecord(library, state, counted)} ${replaceRecord}),
    ${state.isLate ? noContents : writeContents(library, told)},
    ${pruneContents(library, state)},
    ${changesOfEnd(library, state, journalDays)},
    ${writeConfirmations(library.importId, told.facts, state)}
    select gone from newly_gone`.execute(trx);
  return rows[0]!.gone;
}

/**
 * Entries of this person that neither this import nor a newer one lists. Without rejected rows they are gone; with
 * some, nobody knows, so they only remember which import listed them last.
 */
function markMissing(
  { importId, steamId }: LibraryKey,
  { newestImportId, newerImportIds, loadedBefore }: LibraryState,
  { appIdsByTold }: Told,
  { rejected }: Counted,
) {
  const listed = arrayParameter('int', [...appIdsByTold.values()].flat());
  const complete = rejected === 0;
  return sql`
    update library_entries entry
    set last_seen_import_id = coalesce(entry.last_seen_import_id, ${loadedBefore ? importId : newestImportId}::text),
      gone = ${complete}
    where entry.steam_id = ${steamId}
      and not entry.gone
      and (${complete} or entry.last_seen_import_id is null)
      and coalesce(entry.last_seen_import_id, ${newestImportId}::text) <> all(${arrayParameter('text', newerImportIds)})
      and not exists (select from unnest(${listed}) as listed(app_id) where listed.app_id = entry.app_id)
    returning entry.app_id, entry.playtime_minutes, entry.gone`;
}

/** The file's own numbers decide whether the record is still true; those of the run do only when it did something. */
const fileCounts = [
  'imported_count',
  'skipped_count',
  'matched',
  'unmatched',
  'pending',
  'ignored',
  'rejected',
] as const;
const runCounts = ['new', 'changed', 'unchanged'] as const;

const recordColumns = ['s3_key', ...fileCounts, ...runCounts, 'gone', 'stale', 'loaded_at'];

const insertRecord = (library: LibraryKey, { importedAt, isLate }: LibraryState, counted: Counted) => sql`
  insert into imports (import_id, steam_id, imported_at, has_contents, ${sql.join(recordColumns.map(sql.ref))})
  select ${library.importId}, ${library.steamId}, ${importedAt.toISOString()}::timestamptz, ${!isLate}::boolean,
    ${printLibraryKey(library)},
    ${sql.join([...fileCounts, ...runCounts].map((name) => sql`${counted[name]}::int`))},
    gone, ${counted.stale}::boolean, clock_timestamp()
  from newly_gone`;

const replaceRecord = sql`
  on conflict (import_id) do update set
    ${sql.join(recordColumns.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`))}
  where excluded.new + excluded.changed + excluded.gone > 0
    or (${sql.join(fileCounts.map((name) => sql.ref(`imports.${name}`)))})
      is distinct from (${sql.join(fileCounts.map((name) => sql.ref(`excluded.${name}`)))})`;

/** A load prunes a few more than it adds, so that whatever has piled up goes in time. */
const prunedAtOnce = 20;

/** CTEs that forget what late imports told, of anybody; what another program holds is left for the next load. */
const pruneContents = ({ importId }: LibraryKey, { lateImportDays }: LibraryState) => sql`
    late as (
      select import_id from imports
      where has_contents and imported_at < ${cutOff(lateImportDays)} and import_id <> ${importId}
      order by imported_at limit ${sql.lit(prunedAtOnce)} for update skip locked
    ),
    pruned as (
      delete from import_contents using late
      where import_contents.import_id = late.import_id and kind = 'library_entries'
    ),
    emptied as (update imports set has_contents = false from late where imports.import_id = late.import_id)`;

/** An older import is late as well, and finds everything told. */
const noContents = sql`content as (select)`;

/** CTEs that keep what this import told; what it told before and no more goes. */
function writeContents({ importId }: LibraryKey, { appIdsByTold }: Told) {
  const rows = [...appIdsByTold].map(
    ([told, appIds]) =>
      sql`(${importId}, 'library_entries', ${sql.lit(told)}, ${arrayParameter('int', appIds)})`,
  );
  return sql`
    forgotten as (
      delete from import_contents where import_id = ${importId} and kind = 'library_entries'
        and told <> all(${arrayParameter('int', [...appIdsByTold.keys()])})
    ),
    content as (
      insert into import_contents (import_id, kind, told, ids) values ${sql.join(rows)}
      on conflict (import_id, kind, told) do update set ids = excluded.ids
      where import_contents.ids <> excluded.ids
    )`;
}
