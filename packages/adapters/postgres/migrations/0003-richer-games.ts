import type { Migration } from './migration.ts';

/** What IGDB and Steam tell of games and apps beside what they are. Null is what nobody told. */
export const richerGames: Migration = {
  name: '0003-richer-games',
  sql: `
alter table games
  add column rating real,
  add column rating_count integer,
  add column critic_rating real,
  add column themes text[],
  add column game_modes text[],
  add column player_perspectives text[],
  add column developers text[],
  add column publishers text[],
  add column series text[],
  add column websites text[],
  add column time_to_beat_hastily_seconds integer,
  add column time_to_beat_normally_seconds integer,
  add column time_to_beat_completely_seconds integer;
comment on column games.rating is 'From 0 to 100, by IGDB''s users and critics.';
comment on column games.rating_count is 'How many of them rated the game.';
comment on column games.critic_rating is 'From 0 to 100, by critics alone.';
comment on column games.series is 'Series and franchises that the game belongs to.';
comment on column games.time_to_beat_hastily_seconds is 'To the end of the story, in a hurry.';
comment on column games.time_to_beat_normally_seconds is 'To the end, with some extras.';
comment on column games.time_to_beat_completely_seconds is 'To the end of everything.';

alter table steam_apps
  add column content_descriptors integer[],
  add column deck_compatibility text
    check (deck_compatibility in ('verified', 'playable', 'unsupported', 'unknown')),
  add column review_percent real,
  add column review_count integer,
  add column release_state text check (release_state in ('released', 'early_access', 'coming_soon')),
  add column header_image_url text;
comment on column steam_apps.content_descriptors is 'Steam''s numbers: 1 some nudity or sexual content, 2 frequent violence or gore, 3 adult only sexual content, 4 frequent nudity or sexual content, 5 general mature content. Empty where Steam says that there is none, null where it says nothing.';
comment on column steam_apps.deck_compatibility is 'How Valve found the app to run on a Steam Deck; unknown = not looked at.';
comment on column steam_apps.review_percent is 'Of all reviews on Steam that are positive, from 0 to 100; null without reviews.';
comment on column steam_apps.review_count is 'Of all reviews on Steam.';
comment on column steam_apps.release_state is 'Whether Steam''s store sells it yet.';
comment on column steam_apps.header_image_url is 'The image above its page in Steam''s store.';

create or replace view library as
select
  entry.steam_id,
  entry.app_id,
  app.name as title,
  lower(left(app.name, 100)) as sort_title,
  array(
    select genre.name from game_genres link join genres genre on genre.id = link.genre_id
    where link.game_id = app.game_id order by genre.name
  ) as genres,
  array(
    select platform.name from game_platforms link join platforms platform on platform.id = link.platform_id
    where link.game_id = app.game_id order by platform.name
  ) as platforms,
  entry.playtime_minutes,
  entry.playtime_2weeks_minutes,
  entry.playtime_windows_minutes,
  entry.playtime_mac_minutes,
  entry.playtime_linux_minutes,
  entry.playtime_deck_minutes,
  entry.playtime_disconnected_minutes,
  entry.last_played_at,
  'https://images.igdb.com/igdb/image/upload/t_cover_big/' || game.cover_image_id || '.jpg' as cover_url,
  game.summary,
  game.release_date,
  app.match_status,
  game.igdb_id,
  game.slug as igdb_slug,
  game.name as igdb_name,
  entry.status,
  case
    when entry.last_played_at > now() - interval '14 days' then 'playing'
    when entry.playtime_2weeks_minutes > 0 and entry.last_played_at is null and not entry.gone then 'playing'
    when entry.playtime_minutes > 0 or entry.last_played_at is not null then 'shelved'
    when entry.playtime_minutes = 0 then 'unplayed'
  end as suggested_status,
  entry.notes,
  entry.gone,
  entry.last_seen_import_id,
  game.rating,
  game.rating_count,
  game.critic_rating,
  game.themes,
  game.game_modes,
  game.player_perspectives,
  game.developers,
  game.publishers,
  game.series,
  game.websites,
  game.time_to_beat_hastily_seconds,
  game.time_to_beat_normally_seconds,
  game.time_to_beat_completely_seconds,
  app.content_descriptors,
  app.deck_compatibility,
  app.review_percent,
  app.review_count,
  app.release_state,
  app.header_image_url
from library_entries entry
join steam_apps app using (app_id)
left join games game on game.id = app.game_id
where app.match_status <> 'IGNORED';
`,
};
