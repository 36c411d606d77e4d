import { dueFolder, type FollowingPosition, isPaused, rhythms, slotMs } from '../contracts/follow.ts';
import { type ImportRequest, newImportRequest } from '../contracts/import-request.ts';
import type { SteamId } from '../steam-id.ts';
import type { Follows } from './follows.ts';
import type { ImportStatusStore } from './import-status-store.ts';
import type { StageQueues } from './stage-queues.ts';

export type ImportFollowedPorts = {
  follows: Pick<Follows, 'read'> & {
    /** Those that are due in one slot. @param folder see `dueFolder`. */
    due(folder: string): AsyncIterable<SteamId>;
  };
  position: {
    read(): Promise<FollowingPosition | null>;
    write(position: FollowingPosition): Promise<void>;
  };
  statuses: Pick<ImportStatusStore, 'createRequest'>;
  queues: Pick<StageQueues, 'countWaiting' | 'send'>;
  now(): Date;
  /** Seconds. */
  pause(seconds: number): Promise<void>;
};

/** People who ask for themselves wait behind no more than so many; SQS knows no priority. */
export const mostWaiting = 50;
/** Of the 100,000 calls that Steam allows a key and day, the others are for people who ask for themselves. */
export const mostADay = 90_000;
const pauseSeconds = 5;
const dayMs = 24 * 60 * 60 * 1000;

export type Followed = {
  sent: number;
  /** Slots that were gone through to their end. */
  slots: number;
  /** What is due is left for the next run: the queue is long, the day's calls are used up, or the time is. */
  postponed: boolean;
};

/**
 * Sends the imports of followed libraries that are due, from where the run before ended. What was missed meanwhile is
 * made up for: a day of daily ones, a week of weekly ones. An import bears the time of its slot in its id, so that none
 * is made twice, whoever else does the same.
 * @param shouldStop true when the invocation must come to its end.
 */
export async function importFollowed(
  ports: ImportFollowedPorts,
  shouldStop: () => boolean,
): Promise<Followed> {
  const { follows, position, now } = ports;
  const nowMs = now().getTime();
  const today = now().toISOString().slice(0, 10);
  const stored = await position.read();
  const earliest = nowMs - 7 * dayMs;
  const storedMs = stored === null ? floor(nowMs) : Date.parse(stored.slot_at);
  let slotAtMs = floor(Math.max(storedMs, earliest));
  let sent = 0;
  const before = stored?.day === today ? stored.sent : 0;
  const room = createRoom(ports, shouldStop);
  const end = async (done: Omit<Followed, 'sent' | 'slots'>): Promise<Followed> => {
    await position.write({ slot_at: new Date(slotAtMs).toISOString(), day: today, sent: before + sent });
    return { sent, slots: (slotAtMs - floor(Math.max(storedMs, earliest))) / slotMs, ...done };
  };
  for (; slotAtMs <= nowMs; slotAtMs += slotMs) {
    const at = new Date(slotAtMs);
    // A daily import that is older has been followed by another since.
    for (const every of rhythms.filter((each) => each === 'week' || slotAtMs > nowMs - dayMs)) {
      for await (const steamId of follows.due(dueFolder(every, at))) {
        const follow = await follows.read(steamId, every);
        if (follow === null || isPaused(follow) || Date.parse(follow.followed_at) > slotAtMs) continue;
        if (before + sent >= mostADay || !(await room())) return end({ postponed: true });
        if (await request(steamId, at, ports)) sent += 1;
      }
    }
  }
  return end({ postponed: false });
}

const floor = (ms: number): number => Math.floor(ms / slotMs) * slotMs;

/** @returns false when it was asked for before. */
async function request(
  steamId: SteamId,
  slotAt: Date,
  { statuses, queues }: Pick<ImportFollowedPorts, 'statuses' | 'queues'>,
): Promise<boolean> {
  const message: ImportRequest = { ...newImportRequest(steamId, slotAt), followed: true };
  if (!(await statuses.createRequest(message))) return false;
  // Should this fail, the request is found where no message followed it, and sent by `reconcile`.
  await queues.send('steam-import', JSON.stringify(message));
  return true;
}

/** Whether one more may be sent, waiting for that as long as the invocation may. */
function createRoom(
  { queues, pause }: Pick<ImportFollowedPorts, 'queues' | 'pause'>,
  shouldStop: () => boolean,
): () => Promise<boolean> {
  let free = 0;
  return async () => {
    while (free <= 0) {
      if (shouldStop()) return false;
      free = mostWaiting - (await queues.countWaiting('steam-import'));
      if (free <= 0) await pause(pauseSeconds);
    }
    free -= 1;
    return true;
  };
}
