import * as v from 'valibot';
import { classifications, matchStatuses } from './classification.ts';

/**
 * `exports/{steam_id}/library.json`, gzip: a person's library as the database tells it, without what ages by itself or is
 * people's own; its last changes, and the minutes of each month. What nobody told is null.
 */

/** The newest come first. Those of before are in the database. */
export const publishedChanges = 1000;

export const changeKinds = ['imported', 'added', 'gone', 'returned', 'played', 'matched'] as const;

const text = v.nullable(v.string());
const number = v.nullable(v.number());
const texts = v.nullable(v.array(v.string()));

export const PublishedChange = v.object({
  seq: v.number(),
  import_id: v.string(),
  /** Null for a whole library. */
  appid: number,
  kind: v.picklist(changeKinds),
  minutes_before: number,
  minutes_after: number,
  imported_at: v.string(),
});
export type PublishedChange = v.InferOutput<typeof PublishedChange>;

/** Columns of the view `library`, but for `appid` and `classification`. */
export const PublishedGame = v.object({
  appid: v.number(),
  title: v.string(),
  classification: v.picklist(classifications),
  match_status: v.picklist(matchStatuses),
  playtime_minutes: number,
  playtime_2weeks_minutes: number,
  playtime_windows_minutes: number,
  playtime_mac_minutes: number,
  playtime_linux_minutes: number,
  playtime_deck_minutes: number,
  playtime_disconnected_minutes: number,
  last_played_at: text,
  gone: v.boolean(),
  igdb_id: number,
  igdb_slug: text,
  igdb_name: text,
  cover_url: text,
  summary: text,
  release_date: text,
  genres: v.array(v.string()),
  platforms: v.array(v.string()),
  rating: number,
  rating_count: number,
  critic_rating: number,
  themes: texts,
  game_modes: texts,
  player_perspectives: texts,
  developers: texts,
  publishers: texts,
  series: texts,
  websites: texts,
  time_to_beat_hastily_seconds: number,
  time_to_beat_normally_seconds: number,
  time_to_beat_completely_seconds: number,
  content_descriptors: v.nullable(v.array(v.number())),
  deck_compatibility: text,
  review_percent: number,
  review_count: number,
  release_state: text,
  header_image_url: text,
});
export type PublishedGame = v.InferOutput<typeof PublishedGame>;
/** In the order in which they are written. */
export const publishedGameColumns = Object.keys(PublishedGame.entries) as (keyof PublishedGame)[];

export const PublishedLibrary = v.object({
  steam_id: v.string(),
  /** The newest import that told a library. */
  import_id: v.string(),
  imported_at: v.string(),
  changes: v.array(PublishedChange),
  /** By month of the import (UTC), `2026-11`, the newest first. */
  minutes_by_month: v.array(v.object({ month: v.string(), minutes: v.number() })),
  games: v.array(PublishedGame),
});
export type PublishedLibrary = v.InferOutput<typeof PublishedLibrary>;
