import type { EnrichedGame, EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { parseImportId } from '@savepoint/core/contracts/import-id.ts';
import type { Named } from '@savepoint/core/contracts/named-list.ts';
import type { LibraryDatabase, Loaded } from './library-rows.ts';

/** What the tables must say, as plain values in a plain order. */
export type LibraryContents = { games: unknown[]; apps: unknown[]; entries: unknown[]; genres: unknown[] };

const byText = (a: unknown, b: unknown): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
const inOrder = (a: Loaded, b: Loaded): number =>
  parseImportId(a.importId).importedAt - parseImportId(b.importId).importedAt ||
  (a.importId < b.importId ? -1 : 1);

/** The imports applied one after another in the order of their time, the simplest way. */
export function applyInOrder(imports: readonly Loaded[]): LibraryContents {
  const once = [...new Map(imports.map((each) => [each.importId, each])).values()].sort(inOrder);
  const counting = once.filter(({ rows }) => rows.length > 0);
  const genres = new Map<number | string, string>();
  const games = new Map<number, EnrichedGame>();
  const apps = new Map<number, EnrichedRow>();
  for (const { rows } of counting) {
    const named = new Set<number>();
    const spoken = new Set<number>();
    for (const row of rows.toSorted((a, b) => a.appId - b.appId)) {
      if (row.matchStatus !== 'PENDING' || (apps.get(row.appId)?.matchStatus ?? 'PENDING') === 'PENDING')
        apps.set(row.appId, row);
      if (!row.game || named.has(row.game.igdbId)) continue;
      named.add(row.game.igdbId);
      games.set(row.game.igdbId, row.game);
      for (const { id, name } of row.game.genres ?? []) {
        if (id === null) genres.set(name, name);
        else if (!spoken.has(id)) {
          spoken.add(id);
          genres.set(id, name);
        }
      }
    }
  }
  const genreNames = (list: readonly Named[]) => list.map(({ id, name }) => genres.get(id ?? name)).sort();
  return {
    genres: [...genres.values()].sort(),
    games: [...games.values()]
      .map((game) => [game.igdbId, game.name, genreNames(game.genres ?? [])])
      .sort(byText),
    apps: [...apps.values()]
      .map((row) => [row.appId, row.name, row.matchStatus, row.game?.igdbId ?? null])
      .sort(byText),
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

function entriesOf(person: string, imports: readonly Loaded[]): unknown[] {
  const appIds = new Set(imports.flatMap(({ rows }) => rows.map((row) => row.appId)));
  return [...appIds].map((appId) => {
    const last = imports.findLastIndex(({ rows }) => rows.some((row) => row.appId === appId));
    const { importId, rows } = imports[last]!;
    const later = imports.slice(last + 1);
    return [
      person,
      appId,
      rows.find((row) => row.appId === appId)!.playtimeMinutes,
      later.length === 0 ? null : importId,
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
    apps: await rows(`select json_build_array(app_id, steam_apps.name, match_status, igdb_id)
      from steam_apps left join games on games.id = game_id`),
    entries: await rows(
      'select json_build_array(steam_id, app_id, playtime_minutes, last_seen_import_id, gone) from library_entries',
    ),
  };
}
