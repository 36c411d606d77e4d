import { IgdbApiError } from '@savepoint/core/errors.ts';
import type { IgdbCatalogue } from '@savepoint/core/matching/igdb-game.ts';
import type { enrich } from '../../support/enrichment-in-memory.ts';
import { createCatalogue, game } from '../enrichment/igdb-in-memory.ts';

export const down = new IgdbApiError('IGDB_UNAVAILABLE', 'IGDB is down.', { retryable: true });
export const appIds = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index);
export const library = (ids: readonly number[]) =>
  `appid,name\n${ids.map((id) => `${id},Game ${id}\n`).join('')}`;

/** IGDB knows every app; requests that hold one of `failing` fail as long as it is in there. */
export function createIgdb(failing: Set<number> = new Set()) {
  const everything = new Map(appIds(3000).map((id) => [id, [game(10_000 + id, `Game ${id}`)]]));
  const { igdb, requests } = createCatalogue([], everything);
  const guarded: IgdbCatalogue = {
    ...igdb,
    async findGamesBySteamAppId(ids) {
      const found = await igdb.findGamesBySteamAppId(ids);
      if (ids.some((id) => failing.has(id))) throw down;
      return found;
    },
  };
  const askedUids = () => requests.flatMap(({ kind, of }) => (kind === 'uid' ? of.map(Number) : []));
  return { igdb: guarded, failing, requests, askedUids };
}

export const answersOf = (outcomes: Awaited<ReturnType<typeof enrich>>) =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.code));
export const rowsIn = (file: string | undefined) => (file ?? '').trim().split('\n').length - 1;
