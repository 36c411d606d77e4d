import type { Migration } from './migration.ts';

/** Gives a table the time of the newest import that spoke of each row. */
const learntAt = ([table, key, spoken]: readonly [string, string, string]) => `
alter table ${table} add column learnt_at timestamptz not null default 'epoch';
update ${table} set learnt_at = spoken.at
from (
  select id, date_trunc('second', max(imported_at)) as at
  from contents_before join imports using (import_id) cross join lateral unnest(${spoken}) as id
  group by id
) spoken
where spoken.id = ${table}.${key};
alter table ${table} alter column learnt_at set default now();`;

/**
 * What nobody told is null, and what is stored remembers when it was learnt. What stands here already counts as told,
 * at the time of the newest import that spoke of it.
 */
export const whatWasTold: Migration = {
  name: '0002-what-was-told',
  sql: `
-- An import whose id lies in the future was newer than all that came after it. Its first load bounds its time.
create temporary table thawed on commit drop as
  select distinct steam_id from imports where imported_at > loaded_at;
alter table imports add column first_loaded_at timestamptz;
update imports set first_loaded_at = loaded_at, imported_at = least(imported_at, loaded_at);
alter table imports alter column first_loaded_at set not null, alter column first_loaded_at set default now();
comment on column imports.imported_at is 'What orders the imports: the moment in the import id (1970 where it is no date), or that of the first load if it is earlier.';
comment on column imports.first_loaded_at is 'When it was loaded first, by the clock of the database.';

alter table import_contents rename to contents_before;
alter table contents_before rename constraint import_contents_pkey to contents_before_pkey;
create temporary table listed on commit drop as
  select imports.import_id, imports.steam_id, imports.imported_at, app_id
  from contents_before join imports using (import_id)
  cross join lateral unnest(looked_up_app_ids || pending_app_ids) as app_id;

update library_entries entry
set last_seen_import_id = nullif(latest.import_id, latest.newest_import_id),
  gone = exists (
    select from imports newer
    where newer.steam_id = entry.steam_id and newer.imported_count + newer.ignored > 0 and newer.rejected = 0
      and (newer.imported_at, newer.import_id collate "C") > (latest.imported_at, latest.import_id)
  )
from (
  select distinct on (steam_id, app_id) steam_id, app_id, import_id, imported_at,
    first_value(import_id) over (
      partition by steam_id order by imported_at desc, import_id collate "C" desc
    ) as newest_import_id
  from listed where steam_id in (select steam_id from thawed)
  order by steam_id, app_id, imported_at desc, import_id collate "C" desc
) latest
where (latest.steam_id, latest.app_id) = (entry.steam_id, entry.app_id);
-- last_seen_import_id is checked at the end of a transaction, and no table is altered before.
set constraints all immediate;

create table import_contents (
  import_id text references imports on delete cascade,
  kind text not null check (kind in ('library_entries', 'steam_apps', 'games', 'genres', 'platforms')),
  told integer not null default 0,
  ids integer[] not null,
  learnt_at integer[],
  named_at integer[],
  newest_learnt_at integer,
  unique (import_id, kind, told),
  check ((kind = 'library_entries') = (newest_learnt_at is null))
);
create index import_contents_shared on import_contents (kind, newest_learnt_at) where newest_learnt_at is not null;
comment on table import_contents is 'What each import told of which rows. An older one of the same person that arrives late writes no column that a newer one told. Of shared rows it says when that was learnt, because a fact that stands there already writes nothing into the row itself.';
comment on column import_contents.import_id is 'Null in the rows that hold what the shared rows of many imports held.';
comment on column import_contents.ids is 'App ids, or IGDB ids.';
comment on column import_contents.learnt_at is 'Unix seconds, one for each id; named_at the same of the names of apps.';
comment on column import_contents.told is 'Which columns of library_entries. A sum: 1 playtime_minutes, 2 playtime_2weeks_minutes, 4 playtime_windows_minutes, 8 playtime_mac_minutes, 16 playtime_linux_minutes, 32 playtime_deck_minutes, 64 playtime_disconnected_minutes, 128 last_played_at.';
insert into import_contents (import_id, kind, told, ids)
select import_id, 'library_entries', told, array_agg(app_id order by app_id)
from (
  select import_id, app_id,
    num_nonnulls(playtime_minutes) + 2 * num_nonnulls(playtime_2weeks_minutes)
    + 4 * num_nonnulls(playtime_windows_minutes) + 8 * num_nonnulls(playtime_mac_minutes)
    + 16 * num_nonnulls(playtime_linux_minutes) + 32 * num_nonnulls(playtime_deck_minutes)
    + 64 * num_nonnulls(playtime_disconnected_minutes) + 128 * num_nonnulls(last_played_at) as told
  from listed join library_entries using (steam_id, app_id)
) stored
group by import_id, told;

alter table library_entries alter column playtime_minutes drop not null;
comment on column library_entries.playtime_minutes is 'Null while nobody told it.';
drop index library_entries_by_playtime;
create index library_entries_by_playtime on library_entries (steam_id, playtime_minutes desc nulls last);

${(
  [
    ['games', 'igdb_id', 'game_igdb_ids'],
    ['genres', 'igdb_id', 'genre_igdb_ids'],
    ['platforms', 'igdb_id', 'platform_igdb_ids'],
    ['steam_apps', 'app_id', 'looked_up_app_ids'],
  ] as const
)
  .map(learntAt)
  .join('')}
comment on column games.learnt_at is 'When IGDB was asked for what stands here. Later facts replace earlier ones.';
comment on column genres.learnt_at is 'When IGDB was asked for the name.';
comment on column platforms.learnt_at is 'When IGDB was asked for the name.';
comment on column steam_apps.learnt_at is 'When Steam and IGDB were asked what the app is and which game; null while nobody was.';
alter table steam_apps alter column learnt_at drop not null, alter column learnt_at drop default,
  add column named_at timestamptz, add column silent_sources text[] not null default '{}';
update steam_apps set named_at = learnt_at;
update steam_apps set learnt_at = null where match_status = 'PENDING';
update steam_apps set classification_source = 'file' where classification_source is null;
comment on column steam_apps.named_at is 'When Steam was asked for name and icon; null while nobody told them.';
comment on column steam_apps.classification_source is 'Who said what the app is: override, steam, igdb, name (a rule for names), file (a dropped file that names no source). Null while nobody did; it then counts as a game.';
comment on column steam_apps.silent_sources is 'Who was asked as well at that time and did not answer: their earlier word stands, or comes yet.';
drop table contents_before;

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
  entry.last_seen_import_id
from library_entries entry
join steam_apps app using (app_id)
left join games game on game.id = app.game_id
where app.match_status <> 'IGNORED';
comment on view library is 'One row a game of a person, for reading. suggested_status is a guess from what Steam tells, null where it tells nothing; status is the person''s own.';
`,
};
