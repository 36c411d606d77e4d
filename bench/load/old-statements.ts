import type pg from 'pg';
import type { EnrichedGame, EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import type { Named } from '@savepoint/core/contracts/named-list.ts';
import { sampleSteamId } from './sample-library.ts';

type Values = Readonly<Record<string, string | number | null>>;

/**
 * How the pipeline used to load, as the baseline: for each row it looks for the game, each genre and platform with
 * their links, the imported app and the library entry, and inserts or updates each on its own. One transaction.
 */
export async function loadByOldStatements(client: pg.Client, rows: readonly EnrichedRow[]): Promise<void> {
  await client.query('begin');
  for (const row of rows) await loadRow(client, row);
  await client.query('commit');
}

async function loadRow(client: pg.Client, row: EnrichedRow): Promise<void> {
  const gameId = row.game ? await loadGame(client, row.game) : null;
  await save(
    client,
    'steam_apps',
    { app_id: row.appId },
    {
      name: row.name,
      icon_hash: row.iconHash,
      classification: row.classification,
      match_status: row.matchStatus,
      game_id: gameId,
    },
  );
  await save(
    client,
    'library_entries',
    { steam_id: sampleSteamId, app_id: row.appId },
    {
      playtime_minutes: row.playtimeMinutes,
      playtime_windows_minutes: row.playtimeWindowsMinutes,
      playtime_mac_minutes: row.playtimeMacMinutes,
      playtime_linux_minutes: row.playtimeLinuxMinutes,
      playtime_deck_minutes: row.playtimeDeckMinutes,
      last_played_at: row.lastPlayedAt === null ? null : new Date(row.lastPlayedAt * 1000).toISOString(),
    },
  );
}

async function loadGame(client: pg.Client, game: EnrichedGame): Promise<number> {
  const gameId = await save(
    client,
    'games',
    { igdb_id: game.igdbId },
    {
      name: game.name,
      slug: game.slug,
      summary: game.summary,
      release_date: game.releaseDate,
      cover_image_id: game.coverImageId,
    },
  );
  await link(client, 'genre', gameId, game.genres ?? []);
  await link(client, 'platform', gameId, game.platforms ?? []);
  return gameId;
}

async function link(
  client: pg.Client,
  kind: 'genre' | 'platform',
  gameId: number,
  list: readonly Named[],
): Promise<void> {
  for (const { id, name } of list) {
    const namedId = await save(client, `${kind}s`, { igdb_id: id }, { name });
    const pair = { game_id: gameId, [`${kind}_id`]: namedId };
    const linked = await client.query(
      `select from game_${kind}s where game_id = $1 and ${kind}_id = $2`,
      Object.values(pair),
    );
    if (linked.rowCount === 0) await insert(client, `game_${kind}s`, pair);
  }
}

/** SELECT, then INSERT or UPDATE. @returns the row's id, where it has one. */
async function save(client: pg.Client, table: string, key: Values, values: Values): Promise<number> {
  const where = Object.keys(key)
    .map((name, index) => `${name} = $${index + 1}`)
    .join(' and ');
  const found = await client.query(`select * from ${table} where ${where}`, Object.values(key));
  if (found.rowCount === 0)
    return (await insert(client, table, { ...key, ...values }, 'returning *')).rows[0].id;
  const offset = Object.keys(key).length + 1;
  const set = Object.keys(values).map((name, index) => `${name} = $${index + offset}`);
  await client.query(`update ${table} set ${set.join(', ')} where ${where}`, [
    ...Object.values(key),
    ...Object.values(values),
  ]);
  return found.rows[0].id;
}

const insert = (client: pg.Client, table: string, values: Values, returning = '') =>
  client.query(
    `insert into ${table} (${Object.keys(values).join(', ')})
     values (${Object.keys(values)
       .map((_, index) => `$${index + 1}`)
       .join(', ')}) ${returning}`,
    Object.values(values),
  );
