import { sql } from 'kysely';
import { connectPostgres } from './connection.ts';

/** Whether the database answers, over a connection of its own. */
export type DatabaseCheck = {
  /** @throws DatabaseError */
  run(): Promise<void>;
  close(): Promise<void>;
};

export function createDatabaseCheck(databaseUrl: string): DatabaseCheck {
  const connection = connectPostgres(async () => databaseUrl);
  return {
    run: () => connection.read(async (trx) => void (await sql`select 1`.execute(trx))),
    close: connection.close,
  };
}
