import * as v from 'valibot';
import { prefixes } from '../topology.ts';
import { isSteamId, type SteamId } from '../steam-id.ts';

/**
 * `follows/{every}-{slot}/{steam_id}.json`: a library that is imported again each day or week. The key says the slot, so that a
 * run lists those alone that are due.
 */

export const rhythms = ['day', 'week'] as const;
export type Rhythm = (typeof rhythms)[number];

export const slotMs = 5 * 60 * 1000;
const slotsADay = (24 * 60 * 60 * 1000) / slotMs;
const slotsOf: Record<Rhythm, number> = { day: slotsADay, week: 7 * slotsADay };

export const Follow = v.object({
  steam_id: v.pipe(v.string(), v.guard(isSteamId)),
  every: v.picklist(rhythms),
  /** ISO 8601 */
  followed_at: v.string(),
  /** Imports in a row that failed for good, and the last of them. */
  failures: v.optional(v.number(), 0),
  last_failure: v.nullish(v.object({ import_id: v.string(), code: v.string(), message: v.string() }), null),
});
export type Follow = v.InferOutput<typeof Follow>;

/** After so many failures for good in a row, Steam is asked no more until somebody follows anew. */
export const failuresUntilPause = 3;
export const isPaused = ({ failures }: Follow): boolean => failures >= failuresUntilPause;

/** FNV-1a: even over ids that follow one another, and the same for ever. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
  // The last digits differ most and were mixed least.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  return (hash ^ (hash >>> 13)) >>> 0;
}

/** When of its day or week a person's library is due, counted in five minutes from midnight (UTC), weeks from Monday. */
export const slotOf = (steamId: SteamId, every: Rhythm): number => hashOf(steamId) % slotsOf[every];

/** 1970 began on a Thursday. */
const mondayMs = 4 * 24 * 60 * 60 * 1000;
const slotAt = (atMs: number, every: Rhythm): number =>
  Math.floor((every === 'week' ? atMs - mondayMs : atMs) / slotMs) % slotsOf[every];

/** The next time of a person's slot, later than `now`. */
export function nextSlotAfter(steamId: SteamId, every: Rhythm, now: Date): Date {
  const begun = Math.floor(now.getTime() / slotMs) * slotMs;
  const ahead = (slotOf(steamId, every) - slotAt(begun, every) + slotsOf[every]) % slotsOf[every];
  return new Date(begun + (ahead || slotsOf[every]) * slotMs);
}

/** All that is due at a time that begins a slot lies below. */
export const dueFolder = (every: Rhythm, at: Date): string => folderOf(every, slotAt(at.getTime(), every));
const folderOf = (every: Rhythm, slot: number) =>
  `${prefixes.follows}${every}-${String(slot).padStart(4, '0')}/`;
export const followKey = (steamId: SteamId, every: Rhythm): string =>
  `${folderOf(every, slotOf(steamId, every))}${steamId}.json`;

/** Whose follow an object is; undefined for what is none, or lies where it does not belong. */
export function findFollow(key: string): { steamId: SteamId; every: Rhythm } | undefined {
  const [, every, steamId = ''] = /^follows\/(day|week)-\d{4}\/(\d{17})\.json$/.exec(key) ?? [];
  if (!isSteamId(steamId)) return undefined;
  const found = { steamId, every: every as Rhythm };
  return followKey(steamId, found.every) === key ? found : undefined;
}

/** `state/following/position.json`: how far the imports of followed libraries are. */
export const FollowingPosition = v.object({
  /** The slot that is not done yet, ISO 8601. */
  slot_at: v.pipe(v.string(), v.isoTimestamp()),
  /** Steam is asked so often a day and no oftener. */
  day: v.string(),
  sent: v.number(),
});
export type FollowingPosition = v.InferOutput<typeof FollowingPosition>;
export const followingPositionKey = `${prefixes.following}position.json`;
