import { coverUrl } from '@savepoint/core/contracts/igdb-images.ts';
import type { FoundGame, SearchGames } from '@savepoint/core/operations/search-games.ts';
import * as v from 'valibot';
import { areGames } from './answers.ts';
import { search } from './apicalypse.ts';
import { systemClock } from './clock.ts';
import type { IgdbClientOptions } from './igdb-client.ts';
import { createAskIgdb } from './igdb-request.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { createTokenSource } from './token-source.ts';

export type GameSearchOptions = Pick<
  IgdbClientOptions,
  'apiUrl' | 'tokenUrl' | 'credentials' | 'tokenStore'
> & { limiter: RateLimiter };

const fields = 'name,first_release_date,platforms.name,cover.image_id';
const mostGames = 20;
/** Somebody waits, and can ask again: it is not tried for long. */
const patience = { timeoutSeconds: 8, retries: { attempts: 2, baseSeconds: 0.5, maxSeconds: 1 } };

/** Searches IGDB by its own search, whose order is its own too. */
export function createGameSearch(options: GameSearchOptions): SearchGames {
  const shared = { ...options, ...patience, clock: systemClock };
  const ask = createAskIgdb({
    ...shared,
    tokens: createTokenSource({ ...shared, onTokenRequest: () => undefined }),
    traffic: { onRequest: () => undefined, onRateLimited: () => undefined },
  });
  return {
    async searchGames(words) {
      const query = search(words, { fields, limit: mostGames });
      const rows = await ask({ endpoint: 'games', query, isAnswer: areGames });
      return rows.flatMap(readGame);
    },
  };
}

const Name = v.pipe(v.string(), v.trim(), v.nonEmpty());
const Row = v.object({
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2 ** 31 - 1)),
  name: Name,
  /** Seconds since 1970. */
  first_release_date: v.fallback(v.nullish(v.number()), null),
  platforms: v.fallback(v.nullish(v.array(v.unknown())), null),
  cover: v.fallback(v.nullish(v.object({ image_id: v.pipe(v.string(), v.regex(/^\w{1,100}$/)) })), null),
});
const Platform = v.object({ name: Name });

/** A row without an id or a name is nothing that somebody could choose. */
function readGame(row: unknown): FoundGame[] {
  const parsed = v.safeParse(Row, row);
  if (!parsed.success) return [];
  const { id, name, first_release_date: released, platforms, cover } = parsed.output;
  return [
    {
      igdb_id: id,
      name,
      year: released == null ? null : new Date(released * 1000).getUTCFullYear(),
      platforms: (platforms ?? []).flatMap((platform) => (v.is(Platform, platform) ? platform.name : [])),
      cover_url: cover ? coverUrl(cover.image_id) : null,
    },
  ];
}
