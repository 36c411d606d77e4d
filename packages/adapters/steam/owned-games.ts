import { maxInteger } from '@savepoint/core/contracts/fields.ts';
import { plausibleLastPlayed, type RawRow } from '@savepoint/core/contracts/raw-library.ts';
import * as v from 'valibot';
import { cleanLine } from '../http/clean-text.ts';

/** What `GetOwnedGames` may say, apart from the two shapes that the client tells apart before. */

const maxNameLength = 1000;
const maxIconHashLength = 200;

const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(maxInteger));
/** Null where Steam says nothing, or something that no library can mean. */
const count = v.fallback(v.nullish(wholeNumber, null), null);
const line = (maxLength: number) =>
  v.fallback(
    v.pipe(
      v.string(),
      v.transform((text) => cleanLine(text, maxLength)),
    ),
    null,
  );

const OwnedGame = v.object({
  appid: v.pipe(wholeNumber, v.minValue(1)),
  name: line(maxNameLength),
  img_icon_url: line(maxIconHashLength),
  playtime_forever: count,
  rtime_last_played: count,
  playtime_2weeks: count,
  playtime_windows_forever: count,
  playtime_mac_forever: count,
  playtime_linux_forever: count,
  playtime_deck_forever: count,
  playtime_disconnected: count,
});

/** `{"response":{}}` is a private library: neither `game_count` nor `games`. */
export const OwnedGamesAnswer = v.object({
  response: v.pipe(
    v.unknown(),
    v.check((response) => !Array.isArray(response), 'is a list'),
    v.object({ game_count: v.optional(v.number()), games: v.optional(v.array(v.unknown())) }),
  ),
});

/**
 * The apps of a library. A field that makes no sense is left out, never the app; only an entry without a usable
 * appid is dropped, because nothing can be said of it.
 */
export function readOwnedGames(entries: readonly unknown[]): RawRow[] {
  const rows = new Map<number, RawRow>();
  for (const entry of entries) {
    const game = v.safeParse(OwnedGame, entry);
    if (game.success) rows.set(game.output.appid, toRow(game.output));
  }
  return [...rows.values()];
}

const toRow = (game: v.InferOutput<typeof OwnedGame>): RawRow => ({
  appId: game.appid,
  name: game.name ?? `App ${game.appid}`,
  playtimeMinutes: game.playtime_forever ?? 0,
  iconHash: game.img_icon_url,
  lastPlayedAt: plausibleLastPlayed(game.rtime_last_played),
  playtime2WeeksMinutes: game.playtime_2weeks,
  playtimeWindowsMinutes: game.playtime_windows_forever,
  playtimeMacMinutes: game.playtime_mac_forever,
  playtimeLinuxMinutes: game.playtime_linux_forever,
  playtimeDeckMinutes: game.playtime_deck_forever,
  playtimeDisconnectedMinutes: game.playtime_disconnected,
});
