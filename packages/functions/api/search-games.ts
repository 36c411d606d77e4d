import { readSearchWords, type SearchGames } from '@savepoint/core/operations/search-games.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { readQuery } from './query.ts';

export const SearchQuery = v.strictObject({ q: v.string('must say what to search for') });

/** `GET /igdb/search?q=`: games of IGDB, for whoever knows better which one an app is. */
export async function searchGames(context: Context, ports: { gameSearch: SearchGames }): Promise<Response> {
  const words = readSearchWords(readQuery(context, SearchQuery).q);
  return context.json({ games: await ports.gameSearch.searchGames(words) });
}
