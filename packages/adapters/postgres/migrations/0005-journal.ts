import type { Migration } from './migration.ts';

/** What each import changed in a library, and the minutes played a day that follow from it. */
export const journal: Migration = {
  name: '0005-journal',
  sql: `
create table library_changes (
  seq bigint generated always as identity primary key,
  import_id text not null,
  steam_id text not null,
  app_id integer,
  kind text not null check (kind in ('imported', 'added', 'gone', 'returned', 'played', 'matched')),
  minutes_before integer,
  minutes_after integer,
  imported_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp()
);
create index library_changes_of_a_person on library_changes (steam_id, seq);
comment on table library_changes is 'What each import changed in a library, in the order of the commits: who has read up to a seq misses nothing by reading on from there.';
comment on column library_changes.app_id is 'Null for a whole library: its first import is one row.';
comment on column library_changes.minutes_before is 'Of a played app, the most that Steam ever told before.';
comment on column library_changes.imported_at is 'When Steam was asked.';
comment on column library_changes.recorded_at is 'When it came into this database.';

create view playtime_by_day as
select steam_id, app_id, (imported_at at time zone 'UTC')::date as day,
  sum(minutes_after - minutes_before)::integer as minutes
from library_changes
where kind = 'played'
group by 1, 2, 3;
comment on view playtime_by_day is 'Minutes that a person played an app, by the day (UTC) of the import that told them first. What was played before the first import of the app is not among them.';

alter table library_entries
  add column highest_playtime_minutes integer,
  add column playtime_withheld boolean not null default false;
comment on column library_entries.highest_playtime_minutes is 'The most that Steam ever told, where that is above playtime_minutes.';
comment on column library_entries.playtime_withheld is 'The 0 of playtime_minutes stands for what the person kept private.';
update library_entries set playtime_withheld = true
where playtime_minutes = 0 and steam_id in (
  select steam_id from library_entries group by steam_id having max(playtime_minutes) = 0
);
`,
};
