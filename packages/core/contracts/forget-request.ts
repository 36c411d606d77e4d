import * as v from 'valibot';
import { isSteamId } from '../steam-id.ts';
import { prefixes } from '../topology.ts';

/** The body of a message in the queue of `forget`. */
export const ForgetRequest = v.object({
  steam_id: v.pipe(
    v.string(),
    v.guard(isSteamId, "steam_id must be a person's SteamID64 as a string of 17 digits"),
  ),
  /** ISO 8601, UTC: imports that were asked for until then are forgotten. */
  requested_at: v.pipe(v.string(), v.isoTimestamp('requested_at must be an ISO 8601 time')),
  /** The second look, when whatever was at work at the first has ended. */
  again: v.optional(v.literal(true)),
});
export type ForgetRequest = v.InferOutput<typeof ForgetRequest>;

/**
 * `state/forgotten/{hash}.json`: that somebody was forgotten, and when; not who. All that is left of a person, so that imports
 * which were under way bring nobody back. It goes after 14 days, as long as a message can wait.
 */
export const Tombstone = v.object({ forgotten_at: v.pipe(v.string(), v.isoTimestamp()) });
/** @param hash of the SteamID with a key of the deployment's own. */
export const tombstoneKey = (hash: string): string => `${prefixes.forgotten}${hash}.json`;
