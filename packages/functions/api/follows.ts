import { rhythms } from '@savepoint/core/contracts/follow.ts';
import { follow, type Follows, listFollows, unfollow } from '@savepoint/core/operations/follows.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { readMax } from './max-parameter.ts';
import { refuseQuery, readQuery } from './query.ts';
import { bodyObject, readBody } from './request-body.ts';
import { readSteamId64 } from './steam-id-parameter.ts';

export const FollowBody = bodyObject('{"every": "day"}', {
  every: v.picklist(rhythms, `must be ${rhythms.join(' or ')}`),
});
export const FollowsQuery = v.strictObject({
  max: v.optional(v.string()),
  cursor: v.optional(
    v.pipe(v.string(), v.regex(/^follows\/[\w./-]{1,100}$/, 'must be the next_cursor of an answer')),
  ),
});

/** Following libraries: docs/operations.md#following-a-library. */
export const followHandlers = (ports: { follows: Follows; now(): Date }) => ({
  async follow(context: Context) {
    refuseQuery(context);
    const steamId = readSteamId64(context);
    const { every } = await readBody(context, FollowBody);
    return context.json(await follow(steamId, every, ports));
  },
  async listFollows(context: Context) {
    const { cursor } = readQuery(context, FollowsQuery);
    return context.json(
      await listFollows({ cursor, max: readMax(context, { standard: 100, most: 1000 }) }, ports),
    );
  },
  async unfollow(context: Context) {
    refuseQuery(context);
    await unfollow(readSteamId64(context), ports);
    return context.body(null, 204);
  },
});
