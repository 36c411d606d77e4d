import {
  type PublishedGame,
  publishedChanges,
  publishedGameColumns,
} from '@savepoint/core/contracts/published-library.ts';
import { sql, type Transaction } from 'kysely';
import type { PostgresConnection } from './connection.ts';
import type { Database } from './schema.ts';

/** A library as JSON text, piece by piece. `revision` is higher the later its imports changed something. */
export type LibraryReading = { revision: bigint; json: AsyncIterable<string> };

/** What is in memory at once: some 3 KB a game. */
const gamesPerRead = 2000;

/**
 * Gives a person's library, as it stood at one moment, to `use`; null where no import told one. Its texts are to be read before
 * `use` ends.
 * @throws DatabaseError, and what `use` throws
 */
export const readLibrary = <Result>(
  connection: Pick<PostgresConnection, 'read'>,
  steamId: string,
  use: (library: LibraryReading | null) => Promise<Result>,
): Promise<Result> =>
  connection.read(async (trx) => {
    const head = await readHead(trx, steamId);
    return use(head && { revision: BigInt(head.revision), json: write(trx, steamId, head) });
  });

/** @param readLibrary's own `Head` as JSON text, so that its numbers and times are PostgreSQL's. */
async function* write(trx: Transaction<Database>, steamId: string, { head }: Head): AsyncGenerator<string> {
  yield `${head.slice(0, -1)}, "games": [`;
  let isFirst = true;
  for (let last = 0, count = gamesPerRead; count === gamesPerRead; ) {
    const games = await readGames(trx, steamId, last);
    count = games.length;
    last = games.at(-1)?.app_id ?? last;
    if (count === 0) break;
    yield `${isFirst ? '' : ','}\n${games.map(({ game }) => game).join(',\n')}`;
    isFirst = false;
  }
  yield '\n]}\n';
}

type Head = { revision: string; head: string };

async function readHead(trx: Transaction<Database>, steamId: string): Promise<Head | null> {
  const { rows } = await sql<Head>`
    select
      (select (extract(epoch from max(loaded_at)) * 1000000)::bigint from imports where steam_id = ${steamId})::text
        as revision,
      json_build_object(
        'steam_id', newest.steam_id,
        'import_id', newest.import_id,
        'imported_at', ${iso(sql`newest.imported_at`)},
        'changes', coalesce((
          select json_agg(json_build_object('seq', seq, 'import_id', import_id, 'appid', app_id, 'kind', kind,
            'minutes_before', minutes_before, 'minutes_after', minutes_after, 'imported_at', ${iso(sql`imported_at`)})
            order by seq desc)
          from (
            select * from library_changes where steam_id = ${steamId} order by seq desc limit ${publishedChanges}
          ) change), '[]'),
        'minutes_by_month', coalesce((
          select json_agg(json_build_object('month', month, 'minutes', minutes) order by month desc)
          from (
            select to_char(day, 'YYYY-MM') as month, sum(minutes)::int as minutes
            from playtime_by_day where steam_id = ${steamId} group by 1
          ) by_month), '[]')
      )::text as head
    from imports newest
    where steam_id = ${steamId} and imported_count + ignored > 0
    order by imported_at desc, import_id collate "C" desc limit 1`.execute(trx);
  return rows[0] ?? null;
}

async function readGames(trx: Transaction<Database>, steamId: string, after: number) {
  const { rows } = await sql<{ app_id: number; game: string }>`
    select app_id, json_build_object(${sql.join(
      publishedGameColumns.flatMap((name) => [sql.lit(name), columns[name] ?? sql`library.${sql.ref(name)}`]),
    )})::text as game
    from library join steam_apps app using (app_id)
    where steam_id = ${steamId} and app_id > ${after}
    order by app_id limit ${gamesPerRead}`.execute(trx);
  return rows;
}

/** As the contract writes times, whatever the time zone of the session. */
const iso = (time: ReturnType<typeof sql>) =>
  sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Those that are not the view's of the same name. */
const columns: Partial<Record<keyof PublishedGame, ReturnType<typeof sql>>> = {
  appid: sql`app_id`,
  classification: sql`app.classification`,
  last_played_at: iso(sql`library.last_played_at`),
};
