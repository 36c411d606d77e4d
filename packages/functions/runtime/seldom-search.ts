import { PipelineError } from '@savepoint/core/errors.ts';
import type { FoundGame, SearchGames } from '@savepoint/core/operations/search-games.ts';

/** IGDB allows four requests a second in all, and imports need them. */
const everyMs = 2000;
/** Who looks for the same once more, as somebody does who goes back and forth, asks nobody. */
const keptMs = 60_000;
const mostKept = 200;

/** A search that asks at most every two seconds, and says so to whoever comes sooner. */
export function seldom({ searchGames }: SearchGames, now: () => number = Date.now): SearchGames {
  const known = new Map<string, { games: FoundGame[]; until: number }>();
  let freeAt = Number.NEGATIVE_INFINITY;
  return {
    async searchGames(words) {
      const key = words.toLowerCase();
      const before = known.get(key);
      if (before !== undefined && now() < before.until) return before.games;
      const waitMs = freeAt - now();
      if (waitMs > 0) throw busy(waitMs);
      freeAt = now() + everyMs;
      const games = await searchGames(words);
      known.delete(key);
      known.set(key, { games, until: now() + keptMs });
      // The first is the oldest.
      if (known.size > mostKept) for (const [oldest] of [...known].slice(0, 1)) known.delete(oldest);
      return games;
    },
  };
}

const busy = (waitMs: number) =>
  new PipelineError('IGDB_BUSY', 'IGDB was searched a moment ago: try again in two seconds.', {
    retryable: true,
    retryAfterSeconds: Math.ceil(waitMs / 1000),
  });
