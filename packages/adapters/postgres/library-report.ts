import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { connectionConfig } from './connection-config.ts';
import type { Database } from './schema.ts';

/** One person's library in figures. */
export type LibraryReport = {
  /** Apps by classification and match status. */
  counts: { classification: string; match_status: string; apps: number }[];
  playtimeMinutes: number;
  mostPlayed: { title: string; playtime_minutes: number; genres: string[] }[];
};

/** @param mostPlayed how many of the most played games to list. */
export async function readLibraryReport(
  databaseUrl: string,
  steamId: string,
  mostPlayed: number,
): Promise<LibraryReport> {
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ ...connectionConfig(databaseUrl), max: 1 }) }),
  });
  try {
    const counts = await sql<LibraryReport['counts'][number]>`
      select classification, match_status, count(*)::int as apps
      from library_entries join steam_apps using (app_id)
      where steam_id = ${steamId} and not gone
      group by classification, match_status order by apps desc, classification`.execute(db);
    const total = await sql<{ minutes: number }>`
      select coalesce(sum(playtime_minutes), 0)::float8 as minutes from library
      where steam_id = ${steamId} and not gone`.execute(db);
    const top = await sql<LibraryReport['mostPlayed'][number]>`
      select coalesce(igdb_name, title) as title, coalesce(playtime_minutes, 0) as playtime_minutes, genres from library
      where steam_id = ${steamId} and not gone
      order by playtime_minutes desc nulls last, title limit ${mostPlayed}`.execute(db);
    return { counts: counts.rows, playtimeMinutes: total.rows[0]?.minutes ?? 0, mostPlayed: top.rows };
  } finally {
    await db.destroy();
  }
}
