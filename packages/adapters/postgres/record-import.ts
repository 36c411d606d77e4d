import { type LibraryKey, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { LoadSummary } from '@savepoint/core/stages/database-import.ts';
import { sql, type Transaction } from 'kysely';
import { arrayParameter } from './array-parameter.ts';
import { contentColumns, type ImportContents, type LibraryState } from './library-state.ts';
import type { Database } from './schema.ts';

/**
 * Ends a load: marks what Steam no longer lists, and records the import, unless it changed nothing and its record
 * says so already.
 * @param counted all but `gone`.
 * @returns how many entries are gone now that were not before.
 */
export async function recordImport(
  trx: Transaction<Database>,
  library: LibraryKey,
  state: LibraryState,
  contents: ImportContents,
  counted: Omit<LoadSummary, 'gone'>,
): Promise<number> {
  // A private or empty answer says nothing: it is recorded, unless its import once had rows, and changes nothing.
  const empty = counted.imported_count + counted.ignored === 0;
  if (empty) {
    await sql`with newly_gone as (select 0 as gone) ${insertRecord(library, counted)} on conflict do nothing`.execute(
      trx,
    );
    return 0;
  }
  const { rows } = await sql<{ gone: number }>`
    with missing as (${markMissing(library, state, contents, counted)}),
    newly_gone as (select count(*)::int as gone from missing where missing.gone),
    recorded as (${insertRecord(library, counted)} ${replaceRecord}),
    content as (${writeContents(library, contents)})
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
  { looked_up_app_ids, pending_app_ids }: ImportContents,
  { rejected }: Omit<LoadSummary, 'gone'>,
) {
  const listed = arrayParameter('int', [...looked_up_app_ids, ...pending_app_ids]);
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
    returning entry.gone`;
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

const insertRecord = (library: LibraryKey, counted: Omit<LoadSummary, 'gone'>) => sql`
  insert into imports (import_id, steam_id, imported_at, ${sql.join(recordColumns.map(sql.ref))})
  select ${library.importId}, ${library.steamId}, ${new Date(library.importedAt).toISOString()}::timestamptz,
    ${printLibraryKey(library)},
    ${sql.join([...fileCounts, ...runCounts].map((name) => sql`${counted[name]}::int`))},
    gone, ${counted.stale}::boolean, now()
  from newly_gone`;

const replaceRecord = sql`
  on conflict (import_id) do update set
    ${sql.join(recordColumns.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`))}
  where excluded.new + excluded.changed + excluded.gone > 0
    or (${sql.join(fileCounts.map((name) => sql.ref(`imports.${name}`)))})
      is distinct from (${sql.join(fileCounts.map((name) => sql.ref(`excluded.${name}`)))})`;

function writeContents({ importId }: LibraryKey, contents: ImportContents) {
  const columns = contentColumns.map(sql.ref);
  const excluded = contentColumns.map((name) => sql.ref(`excluded.${name}`));
  const stored = contentColumns.map((name) => sql.ref(`import_contents.${name}`));
  return sql`
    insert into import_contents (import_id, ${sql.join(columns)})
    values (${importId}, ${sql.join(
      contentColumns.map(
        (name) =>
          sql`${arrayParameter(
            'int',
            contents[name].sort((a, b) => a - b),
          )}`,
      ),
    )})
    on conflict (import_id) do update set (${sql.join(columns)}) = (${sql.join(excluded)})
    where (${sql.join(stored)}) is distinct from (${sql.join(excluded)})`;
}
