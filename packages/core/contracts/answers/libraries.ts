import * as v from 'valibot';
import type { OverrideLine } from '../../operations/list-overrides.ts';
import { classifications } from '../classification.ts';
import { rhythms } from '../follow.ts';
import { count, nextCursor, nullableText, nullableTime, steamId, text } from './common.ts';

/** Answers about people's libraries and what was decided about apps. The library itself is `PublishedLibrary`. */

export const ForgetAnswer = v.object({ steam_id: steamId, status: v.literal('queued') });
export const ForgetPreview = v.object({
  steam_id: steamId,
  dry_run: v.literal(true),
  objects: v.record(v.string(), count),
});

export const FollowAnswer = v.object({
  steam_id: steamId,
  every: v.picklist(rhythms),
  /** Null while it is paused. */
  next_at: nullableTime,
  paused: v.optional(v.object({ code: text, message: text, import_id: text })),
});
export const FollowsAnswer = v.object({ follows: v.array(FollowAnswer), next_cursor: nextCursor });

export const OverrideAnswer = v.object({
  appid: count,
  igdb_id: v.nullable(v.union([count, v.literal('none')])),
  classification: v.nullable(v.picklist(classifications)),
  note: nullableText,
}) satisfies v.GenericSchema<OverrideLine>;
export const OverridesAnswer = v.object({
  overrides: v.array(OverrideAnswer),
  /** Lines of the file that cannot be used. */
  rejects: v.optional(v.array(v.object({ line: count, reason: text, record: text }))),
  next_cursor: nextCursor,
});
