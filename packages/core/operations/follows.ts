import { type Follow, isPaused, nextSlotAfter, type Rhythm, rhythms } from '../contracts/follow.ts';
import type { PipelineError } from '../errors.ts';
import type { SteamId } from '../steam-id.ts';

/** Following libraries: what the HTTP API, the command line and the stages do with it. */

export type Follows = {
  read(steamId: SteamId, every: Rhythm): Promise<Follow | null>;
  write(follow: Follow): Promise<void>;
  /** Changes what is there without losing what somebody else wrote; nothing where there is nothing. */
  change(steamId: SteamId, every: Rhythm, change: (follow: Follow) => Follow): Promise<void>;
  remove(steamId: SteamId, every: Rhythm): Promise<void>;
  /** In the order of their keys. @param after a key. */
  list(page: {
    after?: string | undefined;
    max: number;
  }): Promise<{ key: string; steamId: SteamId; every: Rhythm }[]>;
};

/** As the HTTP API tells it. */
export type FollowView = {
  steam_id: SteamId;
  every: Rhythm;
  /** Null while it is paused. */
  next_at: string | null;
  paused?: { code: string; message: string; import_id: string };
};

export const viewFollow = (follow: Follow, now: Date): FollowView => {
  const { steam_id, every, last_failure } = follow;
  return isPaused(follow)
    ? { steam_id, every, next_at: null, ...(last_failure && { paused: last_failure }) }
    : { steam_id, every, next_at: nextSlotAfter(steam_id, every, now).toISOString() };
};

/** Follows a library, in another rhythm than before if need be; a pause ends. */
export async function follow(
  steamId: SteamId,
  every: Rhythm,
  { follows, now }: { follows: Follows; now(): Date },
): Promise<FollowView> {
  const before = await Promise.all(rhythms.map((rhythm) => follows.read(steamId, rhythm)));
  const followed = {
    steam_id: steamId,
    every,
    followed_at: before.find((each) => each !== null)?.followed_at ?? now().toISOString(),
    failures: 0,
    last_failure: null,
  };
  // First the new one: followed twice for a moment is better than not at all.
  await follows.write(followed);
  for (const rhythm of rhythms) if (rhythm !== every) await follows.remove(steamId, rhythm);
  return viewFollow(followed, now());
}

/** Follows it no longer; nothing happens where nobody did. */
export async function unfollow(
  steamId: SteamId,
  { follows }: { follows: Pick<Follows, 'remove'> },
): Promise<void> {
  for (const rhythm of rhythms) await follows.remove(steamId, rhythm);
}

export type FollowPage = { follows: FollowView[]; next_cursor?: string };

const readAtOnce = 25;

export async function listFollows(
  { max, cursor }: { max: number; cursor?: string | undefined },
  { follows, now }: { follows: Follows; now(): Date },
): Promise<FollowPage> {
  const found = await follows.list({ after: cursor, max: max + 1 });
  const page = found.slice(0, max);
  const views: FollowView[] = [];
  for (let at = 0; at < page.length; at += readAtOnce) {
    const read = page.slice(at, at + readAtOnce).map(({ steamId, every }) => follows.read(steamId, every));
    for (const each of await Promise.all(read)) if (each !== null) views.push(viewFollow(each, now()));
  }
  return { follows: views, ...(found.length > max && { next_cursor: page.at(-1)!.key }) };
}

/**
 * Notes how the import of a followed library ended in Steam: three failures for good in a row pause it. A second
 * delivery of the same import counts once.
 */
export async function noteFollowed(
  { steamId, importId }: { steamId: SteamId; importId: string },
  failure: Pick<PipelineError, 'code' | 'message'> | null,
  { follows }: { follows: Pick<Follows, 'read' | 'change'> },
): Promise<void> {
  for (const rhythm of rhythms) {
    const stored = await follows.read(steamId, rhythm);
    if (stored === null || (failure === null && stored.failures === 0)) continue;
    await follows.change(steamId, rhythm, (current) => {
      if (failure === null) return { ...current, failures: 0, last_failure: null };
      if (current.last_failure?.import_id === importId) return current;
      const { code, message } = failure;
      return {
        ...current,
        failures: current.failures + 1,
        last_failure: { import_id: importId, code, message },
      };
    });
  }
}
