/** The tables that `migrations/` make. Queries are written in SQL, so their columns stand there alone. */
export type Database = Record<
  | 'games'
  | 'genres'
  | 'platforms'
  | 'game_genres'
  | 'game_platforms'
  | 'steam_apps'
  | 'library_entries'
  | 'imports'
  | 'import_contents'
  | 'library_changes',
  Record<string, unknown>
>;
