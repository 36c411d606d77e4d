import { integerJson } from '@savepoint/core/contracts/cells.ts';
import { partFromJson } from '@savepoint/core/contracts/columns.ts';
import { type RawRow, rawColumns, withoutPlaceholder } from '@savepoint/core/contracts/raw-library.ts';
import type { OwnedGamesAnswer } from '@savepoint/core/stages/steam-import.ts';
import * as v from 'valibot';

/** What `GetOwnedGames` may say, apart from the two shapes that the client tells apart before. */

/** `{"response":{}}` is a private library: neither `game_count` nor `games`. */
export const OwnedGamesJson = v.object({
  response: v.pipe(
    v.unknown(),
    v.check((response) => !Array.isArray(response), 'is a list'),
    v.object({ game_count: v.optional(integerJson), games: v.optional(v.array(v.unknown())) }),
  ),
});

const Entry = v.record(v.string(), v.unknown());

/**
 * The apps of a library; the columns of a raw library are Steam's own fields. A field that makes no sense is left out,
 * never the app; only an entry without a usable appid is dropped, because nothing can be said of it. Dropped is too
 * what Steam counts and does not list.
 */
export function readOwnedGames(entries: readonly unknown[], gameCount = 0): OwnedGamesAnswer {
  const rows = new Map<number, RawRow>();
  for (const entry of entries) {
    const fields = v.safeParse(Entry, entry);
    const row = fields.success
      ? partFromJson(rawColumns, 'app', ({ name }) => fields.output[name])
      : undefined;
    if (row) rows.set(row.appId, withRecentMinutes(withoutPlaceholder(row)));
  }
  return { rows: [...rows.values()], droppedCount: Math.max(gameCount, entries.length) - rows.size };
}

/** Of the minutes of the last two weeks Steam leaves a 0 out; where it tells none in all, nobody knows. */
const withRecentMinutes = (row: RawRow): RawRow =>
  row.playtimeMinutes === null ? row : { ...row, playtime2WeeksMinutes: row.playtime2WeeksMinutes ?? 0 };
