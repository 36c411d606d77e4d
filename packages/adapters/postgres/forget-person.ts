import { DatabaseError } from '@savepoint/core/errors.ts';
import { sql } from 'kysely';
import type { PostgresConnection } from './connection.ts';

/** No retry can mend it: the rows of another program have to go first, and only that program knows how. */
const referenced = (table: string) =>
  new DatabaseError(
    'LIBRARY_REFERENCED',
    `Rows of the table ${table} refer to this person's library. Delete them there first, and ask again.`,
    { retryable: false, details: { table } },
  );

/**
 * Deletes a person's rows while no load runs; games and apps, which are everybody's, stay. What the person's imports confirmed of those stays
 * true, and belongs to nobody from then on.
 * @returns how many rows of each table went.
 * @throws DatabaseError LIBRARY_REFERENCED, naming the table of another program, and others
 */
export async function forgetPerson(
  connection: Pick<PostgresConnection, 'transaction'>,
  steamId: string,
): Promise<Record<string, number>> {
  return connection
    .transaction(async (trx) => {
      await sql`
        update import_contents set import_id = null
        where newest_learnt_at is not null
          and import_id in (select import_id from imports where steam_id = ${steamId})`.execute(trx);
      const rows: Record<string, number> = {};
      // `imports` takes along what its imports told.
      for (const table of ['library_changes', 'library_entries', 'imports'] as const) {
        const { numAffectedRows = 0n } = await sql`
          delete from ${sql.table(table)} where steam_id = ${steamId}`.execute(trx);
        if (numAffectedRows > 0n) rows[table] = Number(numAffectedRows);
      }
      await sql`set constraints all immediate`.execute(trx);
      return rows;
    })
    .catch((thrown: unknown) => {
      const table = tableThatRefers(thrown);
      throw table === undefined ? thrown : referenced(table);
    });
}

/** Of a foreign key violation (SQLSTATE 23503), however deep it lies. */
function tableThatRefers(thrown: unknown): string | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const { code, table, schema } = error as Error & { code?: string; table?: string; schema?: string };
    if (code === '23503') return schema && schema !== 'public' ? `${schema}.${table}` : table;
  }
  return undefined;
}
