import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import type { Named } from '@savepoint/core/contracts/named-list.ts';
import { sampleSteamId } from './sample-library.ts';

type Field = string | number | null;
export type CopyTable = { table: string; columns: string; text: string };

const field = (value: Field): string =>
  value === null ? '\\N' : String(value).replace(/[\\\n\r\t]/g, (character) => `\\${character}`);
const textOf = (rows: readonly Field[][]): string =>
  rows.map((row) => `${row.map(field).join('\t')}\n`).join('');
/** As COPY reads an array. */
const list = (values: readonly (string | number)[] | null): string | null =>
  values && `{${values.map((value) => `"${String(value).replace(/["\\]/g, '\\$&')}"`).join()}}`;
const time = (unixSeconds: number | null): string | null =>
  unixSeconds === null ? null : new Date(unixSeconds * 1000).toISOString();

/** The same rows as COPY text, made before the clock starts. IGDB's ids serve as row ids, so nothing is looked up. */
export function copyTables(rows: readonly EnrichedRow[]): CopyTable[] {
  const games = rows.flatMap((row) => row.game ?? []);
  const named = (listOf: (game: (typeof games)[number]) => readonly Named[]) => [
    ...new Map(games.flatMap((game) => listOf(game).map(({ id, name }) => [id, [id, id, name]]))).values(),
  ];
  return [
    { table: 'genres', columns: 'id, igdb_id, name', text: textOf(named((game) => game.genres ?? [])) },
    { table: 'platforms', columns: 'id, igdb_id, name', text: textOf(named((game) => game.platforms ?? [])) },
    {
      table: 'games',
      columns: `id, igdb_id, name, slug, summary, release_date, cover_image_id, game_type, igdb_updated_at,
        rating, rating_count, critic_rating, themes, game_modes, player_perspectives, developers, publishers, series,
        websites, time_to_beat_hastily_seconds, time_to_beat_normally_seconds, time_to_beat_completely_seconds`,
      text: textOf(
        games.map((game) => [
          game.igdbId,
          game.igdbId,
          game.name,
          game.slug,
          game.summary,
          game.releaseDate,
          game.coverImageId,
          game.gameType,
          time(game.updatedAt),
          game.rating,
          game.ratingCount,
          game.criticRating,
          list(game.themes),
          list(game.gameModes),
          list(game.playerPerspectives),
          list(game.developers),
          list(game.publishers),
          list(game.series),
          list(game.websites),
          game.timeToBeatHastilySeconds,
          game.timeToBeatNormallySeconds,
          game.timeToBeatCompletelySeconds,
        ]),
      ),
    },
    {
      table: 'game_genres',
      columns: 'game_id, genre_id',
      text: textOf(games.flatMap((game) => (game.genres ?? []).map(({ id }) => [game.igdbId, id]))),
    },
    {
      table: 'game_platforms',
      columns: 'game_id, platform_id',
      text: textOf(games.flatMap((game) => (game.platforms ?? []).map(({ id }) => [game.igdbId, id]))),
    },
    {
      table: 'steam_apps',
      columns:
        'app_id, name, icon_hash, classification, classification_source, match_status, match_method, match_confidence, match_reason, game_id, content_descriptors, deck_compatibility, review_percent, review_count, release_state, header_image_url',
      text: textOf(
        rows.map((row) => [
          row.appId,
          row.name,
          row.iconHash,
          row.classification,
          row.classificationSource,
          row.matchStatus,
          row.matchMethod,
          row.matchConfidence,
          row.matchReason,
          row.game?.igdbId ?? null,
          list(row.contentDescriptors),
          row.deckCompatibility,
          row.reviewPercent,
          row.reviewCount,
          row.releaseState,
          row.headerImageUrl,
        ]),
      ),
    },
    {
      table: 'library_entries',
      columns:
        'steam_id, app_id, playtime_minutes, playtime_windows_minutes, playtime_mac_minutes, playtime_linux_minutes, playtime_deck_minutes, playtime_disconnected_minutes, last_played_at',
      text: textOf(
        rows.map((row) => [
          sampleSteamId,
          row.appId,
          row.playtimeMinutes,
          row.playtimeWindowsMinutes,
          row.playtimeMacMinutes,
          row.playtimeLinuxMinutes,
          row.playtimeDeckMinutes,
          row.playtimeDisconnectedMinutes,
          time(row.lastPlayedAt),
        ]),
      ),
    },
  ];
}

/** The floor: COPY straight into the constrained tables, in one transaction, deciding nothing. */
export async function copyLibrary(client: pg.Client, tables: readonly CopyTable[]): Promise<void> {
  await client.query('begin');
  for (const { table, columns, text } of tables) {
    const target = client.query(copyFrom(`copy ${table} (${columns}) from stdin`));
    await pipeline(Readable.from([Buffer.from(text)]), target);
  }
  await client.query('commit');
}
