import type { EnrichedGame, EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { parseImportId } from '@savepoint/core/contracts/import-id.ts';
import type { Named } from '@savepoint/core/contracts/named-list.ts';
import type { LibraryDatabase, Loaded } from './library-rows.ts';

/** What the tables must say, as plain values in a plain order. */
export type LibraryContents = { games: unknown[]; apps: unknown[]; entries: unknown[]; genres: unknown[] };

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const timeOf = ({ importId }: Loaded): number => parseImportId(importId).importedAt / 1000;
const inOrder = (a: Loaded, b: Loaded): number => timeOf(a) - timeOf(b) || (a.importId < b.importId ? -1 : 1);
/** All rows of an import were learnt at one time here; files of before do not say when. */
const learntAt = (each: Loaded): number => each.rows[0]?.learntAt ?? timeOf(each);

/**
 * The imports applied one after another, the simplest way: entries and names in the order in which the libraries were
 * fetched, what Steam and IGDB know of apps and games in the order in which it was learnt. What is null changes nothing.
 */
export function applyInOrder(imports: readonly Loaded[]): LibraryContents {
  const once = [...new Map(imports.map((each) => [each.importId, each])).values()].sort(inOrder);
  const counting = once.filter(({ rows }) => rows.length > 0);
  const byLearning = counting.toSorted((a, b) => learntAt(a) - learntAt(b));
  const { genres, games } = catalogueOf(byLearning);
  const genreNames = (list: readonly Named[]) => list.map(({ id, name }) => genres.get(id ?? name)).sort();
  return {
    genres: [...genres.values()].sort(),
    games: [...games.values()]
      .map((game) => [game.igdbId, game.name, genreNames(game.genres ?? [])])
      .sort(byText),
    apps: appsOf(counting, byLearning).sort(byText),
    entries: [...new Set(counting.map(({ importId }) => parseImportId(importId).steamId))]
      .flatMap((person) =>
        entriesOf(
          person,
          counting.filter(({ importId }) => importId.startsWith(person)),
        ),
      )
      .sort(byText),
  };
}

function catalogueOf(imports: readonly Loaded[]) {
  const genres = new Map<number | string, string>();
  const games = new Map<number, EnrichedGame>();
  for (const { rows } of imports) {
    const named = new Set<number>();
    const spoken = new Set<number>();
    for (const { game } of rows.toSorted((a, b) => a.appId - b.appId)) {
      if (!game || named.has(game.igdbId)) continue;
      named.add(game.igdbId);
      games.set(game.igdbId, game);
      for (const { id, name } of game.genres ?? []) {
        if (id === null) genres.set(name, name);
        else if (!spoken.has(id)) {
          spoken.add(id);
          genres.set(id, name);
        }
      }
    }
  }
  return { genres, games };
}

function appsOf(byTime: readonly Loaded[], byLearning: readonly Loaded[]): unknown[] {
  const names = new Map<number, string>();
  for (const { rows } of byTime)
    for (const { appId, name } of rows) if (name !== null) names.set(appId, name);
  const apps = new Map<number, EnrichedRow>();
  for (const { rows } of byLearning)
    for (const row of rows)
      if (row.matchStatus !== 'PENDING' || !apps.has(row.appId)) apps.set(row.appId, row);
  return [...apps].map(([appId, row]) => [
    appId,
    names.get(appId) ?? `App ${appId}`,
    row.classification,
    row.matchStatus,
    row.game?.igdbId ?? null,
  ]);
}

function entriesOf(person: string, imports: readonly Loaded[]): unknown[] {
  const appIds = new Set(imports.flatMap(({ rows }) => rows.map((row) => row.appId)));
  return [...appIds].map((appId) => {
    const last = imports.findLastIndex(({ rows }) => rows.some((row) => row.appId === appId));
    const later = imports.slice(last + 1);
    const rowsOf = (some: readonly Loaded[]) =>
      some.flatMap(({ rows }) => rows.filter((row) => row.appId === appId));
    const told = rowsOf(imports.filter(({ rows }) => rows.some((row) => (row.playtimeMinutes ?? 0) > 0)));
    const lastTold = <Value>(values: readonly (Value | null)[]) => values.findLast((value) => value !== null);
    return [
      person,
      appId,
      // The 0 of an import that tells no playtime fills what nobody told.
      lastTold(told.map((row) => row.playtimeMinutes)) ??
        lastTold(rowsOf(imports).map((row) => row.playtimeMinutes)) ??
        null,
      lastTold(rowsOf(imports).map((row) => row.lastPlayedAt)) ?? null,
      later.length === 0 ? null : imports[last]!.importId,
      later.some(({ rejected = 0 }) => rejected === 0),
    ];
  });
}

/** The same of the database. */
export async function readContents(database: LibraryDatabase): Promise<LibraryContents> {
  const rows = async (text: string) => (await database.column(text)).sort(byText);
  return {
    genres: (await database.column('select name from genres')).sort(),
    games: await rows(`select json_build_array(igdb_id, name, array(select genres.name from game_genres
      join genres on genres.id = genre_id where game_id = games.id order by genres.name collate "C")) from games`),
    apps: await rows(`select json_build_array(app_id, steam_apps.name, classification, match_status, igdb_id)
      from steam_apps left join games on games.id = game_id`),
    entries: await rows(
      `select json_build_array(steam_id, app_id, playtime_minutes, extract(epoch from last_played_at)::int,
        last_seen_import_id, gone) from library_entries`,
    ),
  };
}
