import {
  dueFolder,
  type Follow,
  followKey,
  type FollowingPosition,
  nextSlotAfter,
  type Rhythm,
  slotMs,
  slotOf,
} from '@savepoint/core/contracts/follow.ts';
import type { ImportRequest } from '@savepoint/core/contracts/import-request.ts';
import {
  follow,
  type Follows,
  listFollows,
  noteFollowed,
  unfollow,
} from '@savepoint/core/operations/follows.ts';
import {
  importFollowed,
  type ImportFollowedPorts,
  mostADay,
  mostWaiting,
} from '@savepoint/core/operations/import-followed.ts';
import { parseImportId } from '@savepoint/core/contracts/import-id.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';

const dayMs = 24 * 60 * 60 * 1000;
const personOf = (index: number) => String(76561198000000000n + BigInt(index)) as SteamId;

/** Storage and a queue in memory, under a clock that is set by hand. */
function createWorld(start = '2026-11-01T00:00:00Z') {
  const stored = new Map<string, Follow>();
  const world = {
    now: new Date(start),
    sent: [] as ImportRequest[],
    waiting: 0,
    /** Nobody takes anything out of the queue. */
    isStuck: false,
    position: null as FollowingPosition | null,
    /** Calls of the storage and the queue. */
    calls: { list: 0, read: 0, other: 0 },
    stored,
  };
  const requested = new Set<string>();
  const follows: Follows & ImportFollowedPorts['follows'] = {
    async read(steamId, every) {
      world.calls.read += 1;
      return stored.get(followKey(steamId, every)) ?? null;
    },
    write: async (each) => void stored.set(followKey(each.steam_id, each.every), each),
    async change(steamId, every, change) {
      const key = followKey(steamId, every);
      if (stored.has(key)) stored.set(key, change(stored.get(key)!));
    },
    remove: async (steamId, every) => void stored.delete(followKey(steamId, every)),
    list: async ({ after = '', max }) =>
      [...stored]
        .filter(([key]) => key > after)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, max)
        .map(([key, { steam_id, every }]) => ({ key, steamId: steam_id, every })),
    async *due(folder) {
      world.calls.list += 1;
      for (const [key, { steam_id }] of byFolder().get(folder) ?? []) if (stored.has(key)) yield steam_id;
    },
  };
  /** Made once: the fake must not be the slow part of a month. */
  let folders: Map<string, [string, Follow][]> | undefined;
  const byFolder = () => {
    if (folders && [...folders.values()].flat().length === stored.size) return folders;
    folders = Map.groupBy(stored, ([key]) => key.slice(0, key.lastIndexOf('/') + 1));
    return folders;
  };
  const ports: ImportFollowedPorts = {
    follows,
    position: {
      async read() {
        world.calls.other += 1;
        return world.position;
      },
      async write(position) {
        world.calls.other += 1;
        world.position = position;
      },
    },
    statuses: {
      async createRequest({ import_id }) {
        world.calls.other += 1;
        if (requested.has(import_id)) return false;
        requested.add(import_id);
        return true;
      },
    },
    queues: {
      async countWaiting() {
        world.calls.other += 1;
        return world.waiting;
      },
      async send(_stage, body) {
        world.calls.other += 1;
        world.sent.push(JSON.parse(body));
        if (world.isStuck) world.waiting += 1;
      },
    },
    now: () => world.now,
    pause: async () => undefined,
  };
  return {
    world,
    follows,
    followPorts: { follows, now: () => world.now },
    ports,
    run: (shouldStop: () => boolean = () => false) => importFollowed(ports, shouldStop),
    pass: (ms: number) => {
      world.now = new Date(world.now.getTime() + ms);
    },
  };
}

test('a month of 1,000 followers: each is imported once in each of its slots, and none beside', async () => {
  const { world, followPorts, run, pass } = createWorld();
  const rhythmOf = (index: number): Rhythm => (index % 4 === 0 ? 'week' : 'day');
  for (let index = 0; index < 1000; index++) await follow(personOf(index), rhythmOf(index), followPorts);
  Object.assign(world.calls, { list: 0, read: 0, other: 0 });
  const days = 30;
  for (let slot = 0; slot < (days * dayMs) / slotMs; slot++) {
    await run();
    pass(slotMs);
  }
  const timesOf = Map.groupBy(world.sent, ({ steam_id }) => steam_id);
  for (let index = 0; index < 1000; index++) {
    const steamId = personOf(index);
    const every = rhythmOf(index);
    const times = timesOf.get(steamId)!.map(({ import_id }) => parseImportId(import_id).importedAt);
    expect(times).toEqual([...new Set(times)].sort());
    const gap = every === 'day' ? dayMs : 7 * dayMs;
    expect(times.slice(1).every((at, at0) => at - times[at0]! === gap)).toBe(true);
    // 30 days have four or five slots of a week; the one in which somebody was followed has passed.
    expect(times.length).toBeGreaterThanOrEqual(every === 'day' ? 29 : 4);
    expect(times.length).toBeLessThanOrEqual(every === 'day' ? 30 : 5);
  }
  const runs = (days * dayMs) / slotMs;
  // What a month costs: two lists and the position a run, and what each import needs.
  expect(world.calls.list).toBe(2 * runs);
  expect(world.calls.other).toBeLessThanOrEqual(2 * runs + 3 * world.sent.length);
  expect(world.calls.read).toBeLessThanOrEqual(world.sent.length + 1000);
  expect(world.sent.every(({ followed }) => followed === true)).toBe(true);
});

test('people are spread evenly over the day and the week', () => {
  for (const [every, slots] of [
    ['day', 288],
    ['week', 2016],
  ] as const) {
    const counts = new Array<number>(slots).fill(0);
    for (let index = 0; index < 100 * slots; index++) counts[slotOf(personOf(index), every)]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(Math.max(...counts)).toBeLessThan(160);
  }
});

test('the next slot is the one whose folder is looked into then', () => {
  const now = new Date('2026-11-26T15:33:12Z');
  for (let index = 0; index < 200; index++)
    for (const every of ['day', 'week'] as const) {
      const next = nextSlotAfter(personOf(index), every, now);
      expect(next.getTime()).toBeGreaterThan(now.getTime());
      expect(next.getTime() - now.getTime()).toBeLessThanOrEqual((every === 'day' ? 1 : 7) * dayMs);
      expect(followKey(personOf(index), every).startsWith(dueFolder(every, next))).toBe(true);
    }
});

/** Somebody followed daily, and the clock at the slot. */
async function dueNow(count = 1) {
  const made = createWorld();
  const { world, followPorts } = made;
  const people: SteamId[] = [];
  for (let index = 0; people.length < count; index++)
    if (slotOf(personOf(index), 'day') === 100) people.push(personOf(index));
  for (const steamId of people) await follow(steamId, 'day', followPorts);
  await made.run();
  world.sent.length = 0;
  made.pass(100 * slotMs);
  return { ...made, people };
}

test('what was missed is made up for: a day of daily imports, a week of weekly ones, and no more', async () => {
  const { world, run, pass, people, followPorts } = await dueNow();
  const weekly = personOf(5000);
  await follow(weekly, 'week', followPorts);
  pass(20 * dayMs);
  await run();
  expect(world.sent.map(({ steam_id }) => steam_id).sort()).toEqual([people[0], weekly].sort());
});

test('a run that dies after the request, or runs beside another, makes no import twice', async () => {
  const { world, run } = await dueNow(3);
  const before = world.position;
  await run();
  world.position = before;
  await Promise.all([run(), run()]);
  expect(world.sent).toHaveLength(3);
});

test('people who ask for themselves wait behind few: the rest follows when they are through', async () => {
  const { world, run } = await dueNow(mostWaiting + 10);
  let looks = 0;
  Object.assign(world, { waiting: 20, isStuck: true });
  // The first look finds room for 30; then nothing moves until the invocation must end.
  const first = await run(() => ++looks > 3);
  expect(first).toEqual({ sent: 30, slots: expect.any(Number), postponed: true });
  Object.assign(world, { waiting: 0, isStuck: false });
  expect(await run()).toMatchObject({ sent: 30, postponed: false });
  expect(new Set(world.sent.map(({ import_id }) => import_id)).size).toBe(60);
});

test('Steam is asked so often a day and no oftener; the next day goes on', async () => {
  const { world, run, pass } = await dueNow(2);
  world.position = { ...world.position!, day: world.now.toISOString().slice(0, 10), sent: mostADay - 1 };
  expect(await run()).toMatchObject({ sent: 1, postponed: true });
  expect(await run()).toMatchObject({ sent: 0, postponed: true });
  pass(dayMs - 100 * slotMs);
  expect(await run()).toMatchObject({ sent: 1, postponed: false });
});

test('three failures for good in a row pause it, until somebody follows anew', async () => {
  const { world, follows, followPorts, run, pass, people } = await dueNow();
  const steamId = people[0]!;
  const failure = { code: 'STEAM_PROFILE_PRIVATE', message: 'The profile is private.' };
  const view = async () => (await listFollows({ max: 10 }, followPorts)).follows[0]!;
  const importOf = (day: number) => `${steamId}-2026110${day}T000000000Z`;
  await noteFollowed({ steamId, importId: importOf(1) }, failure, { follows });
  // A second delivery.
  await noteFollowed({ steamId, importId: importOf(1) }, failure, { follows });
  await noteFollowed({ steamId, importId: importOf(2) }, failure, { follows });
  expect((await view()).paused).toBeUndefined();
  await noteFollowed({ steamId, importId: importOf(3) }, null, { follows });
  for (const day of [4, 5, 6]) await noteFollowed({ steamId, importId: importOf(day) }, failure, { follows });
  expect(await view()).toEqual({
    steam_id: steamId,
    every: 'day',
    next_at: null,
    paused: { ...failure, import_id: importOf(6) },
  });
  await run();
  expect(world.sent).toEqual([]);
  await follow(steamId, 'day', followPorts);
  pass(dayMs);
  await run();
  expect(world.sent).toHaveLength(1);
});

test('another rhythm replaces the first; unfollowing ends it, as often as it is asked', async () => {
  const { world, followPorts } = createWorld();
  const steamId = personOf(1);
  await follow(steamId, 'day', followPorts);
  expect(await follow(steamId, 'week', followPorts)).toMatchObject({ every: 'week' });
  expect([...world.stored.keys()]).toEqual([followKey(steamId, 'week')]);
  await unfollow(steamId, followPorts);
  await unfollow(steamId, followPorts);
  expect(world.stored.size).toBe(0);
});

test('a list of many goes on at its cursor', async () => {
  const { followPorts } = createWorld();
  for (let index = 0; index < 60; index++) await follow(personOf(index), 'day', followPorts);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listFollows({ max: 25, cursor }, followPorts);
    seen.push(...page.follows.map(({ steam_id }) => steam_id));
    cursor = page.next_cursor;
  } while (cursor);
  expect(new Set(seen).size).toBe(60);
  expect(seen).toHaveLength(60);
});
