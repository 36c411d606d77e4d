import type { AppView, StoredApps } from '@savepoint/core/operations/preview-override.ts';
import { sql } from 'kysely';
import type { PostgresConnection } from './connection.ts';

/** What the database knows of an app over all libraries. Counting its people goes through an index as large as all libraries. */
export const createStoredApps = (connection: Pick<PostgresConnection, 'read'>): StoredApps => ({
  findApp: (appId) =>
    connection.read(async (trx) => {
      const { rows } = await sql<AppView & { name: string; people: number }>`
        select app.name, app.classification, app.match_status, game.igdb_id, game.name as igdb_name,
          (select count(*)::int from library_entries entry where entry.app_id = app.app_id and not entry.gone) as people
        from steam_apps app left join games game on game.id = app.game_id
        where app.app_id = ${appId}`.execute(trx);
      const [row] = rows;
      if (row === undefined) return null;
      const { name, people, ...view } = row;
      return { name, people, view };
    }),
  findGameName: (igdbId) =>
    connection.read(async (trx) => {
      const { rows } = await sql<{ name: string }>`
        select name from games where igdb_id = ${igdbId}`.execute(trx);
      return rows[0]?.name ?? null;
    }),
});
