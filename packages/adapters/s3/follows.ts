import {
  findFollow,
  Follow,
  FollowingPosition,
  followKey,
  followingPositionKey,
} from '@savepoint/core/contracts/follow.ts';
import type { Follows } from '@savepoint/core/operations/follows.ts';
import type { ImportFollowedPorts } from '@savepoint/core/operations/import-followed.ts';
import { prefixes } from '@savepoint/core/topology.ts';
import * as v from 'valibot';
import { objectLimits } from '../limits.ts';
import type { Bucket } from './bucket.ts';
import { createJsonObjects } from './json-object.ts';

/** Which libraries are followed, an object each. */
export function createFollows(bucket: Bucket): Follows & ImportFollowedPorts['follows'] {
  const objects = createJsonObjects(bucket);
  return {
    read: (steamId, every) => objects.read(followKey(steamId, every), Follow),
    write: (follow) => objects.write(followKey(follow.steam_id, follow.every), follow),
    change: (steamId, every, change) =>
      bucket.update(
        followKey(steamId, every),
        'application/json',
        (text) => {
          const follow = text === null ? null : parseFollow(text);
          // Unfollowed meanwhile, which a note of ours must not undo.
          return follow && JSON.stringify(change(follow));
        },
        { maxBytes: objectLimits.json },
      ),
    remove: (steamId, every) => bucket.delete(followKey(steamId, every)),
    async list({ after, max }) {
      const found: Awaited<ReturnType<Follows['list']>> = [];
      for await (const { key } of bucket.list(prefixes.follows, { after, pageSize: Math.min(max, 1000) })) {
        const follow = findFollow(key);
        if (follow) found.push({ key, ...follow });
        if (found.length === max) break;
      }
      return found;
    },
    async *due(folder) {
      for await (const { key } of bucket.list(folder)) {
        const follow = findFollow(key);
        if (follow) yield follow.steamId;
      }
    },
  };
}

function parseFollow(text: string): Follow | null {
  try {
    return v.parse(Follow, JSON.parse(text));
  } catch {
    return null;
  }
}

export function createFollowingPosition(bucket: Bucket): ImportFollowedPorts['position'] {
  const objects = createJsonObjects(bucket);
  return {
    read: () => objects.read(followingPositionKey, FollowingPosition),
    write: (position) => objects.write(followingPositionKey, position),
  };
}
