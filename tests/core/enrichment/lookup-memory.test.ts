import type { AppKnowledge } from '@savepoint/core/contracts/checkpoint.ts';
import { readLookupMemory, writeLookupMemory } from '@savepoint/core/contracts/lookup-memory-file.ts';
import { createLookupMemory } from '@savepoint/core/enrichment/lookup-memory.ts';
import { game } from './igdb-in-memory.ts';

const unmatched = { status: 'UNMATCHED', reason: 'unknown', rejectedIds: [] } as const;
const knowledge = (appId: number, match: AppKnowledge['match'] = null): AppKnowledge => ({
  appId,
  steamType: 0,
  storeAnswered: true,
  store: null,
  match,
  learntAt: 1_790_000_000,
  decided: null,
});
const missOf = (appId: number) => knowledge(appId, { ...unmatched, rejectedIds: [] });
const hitOf = (appId: number, name = 'Portal'): AppKnowledge =>
  knowledge(appId, {
    status: 'MATCHED',
    game: game(appId, name, { summary: 'Tab\there,\nline there.' }),
    method: 'uid',
    confidence: 1,
    reason: 'the only game',
    rejectedIds: [],
  });

const clock = { seconds: 0 };
beforeEach(() => {
  clock.seconds = 1_790_000_000;
});
const createMemory = (maxApps = 10) =>
  createLookupMemory({
    maxApps,
    maxUntold: maxApps,
    hitSeconds: 100,
    missSeconds: 10,
    weakSeconds: 2,
    now: () => clock.seconds * 1000,
  });
const pass = (seconds: number) => {
  clock.seconds += seconds;
};

test('what was looked up is remembered, a miss for a shorter time than a hit', () => {
  const memory = createMemory();
  memory.remember(hitOf(1));
  memory.remember(missOf(2));
  pass(7);
  expect([memory.recall(1), memory.recall(2)]).toEqual([hitOf(1), missOf(2)]);
  pass(3);
  expect([memory.recall(1), memory.recall(2)]).toEqual([hitOf(1), undefined]);
  pass(90);
  expect(memory.recall(1)).toBeUndefined();
});

test('apps that were learnt together do not expire together, and none later than it may', () => {
  const memory = createMemory(1000);
  for (let appId = 1; appId <= 200; appId += 1) memory.remember(hitOf(appId));
  const ends = memory.worthKeeping().map(({ expiresAt }) => expiresAt - clock.seconds);
  expect(Math.min(...ends)).toBeGreaterThanOrEqual(80);
  expect(Math.max(...ends)).toBeLessThanOrEqual(100);
  expect(new Set(ends).size).toBeGreaterThan(15);
});

test('a newer answer replaces the older one and its expiry', () => {
  const memory = createMemory();
  memory.remember(missOf(1));
  pass(7);
  memory.remember(hitOf(1));
  pass(50);
  expect(memory.recall(1)).toEqual(hitOf(1));
});

test('what a silent source left open is remembered for moments, and never told to others', () => {
  const memory = createMemory();
  memory.remember({ ...knowledge(1), steamType: null, storeAnswered: false });
  memory.remember(knowledge(2, { status: 'PENDING', reason: 'refused', rejectedIds: [] }));
  expect(memory.recall(1)).toBeDefined();
  expect([memory.worthKeeping(), memory.learnt()]).toEqual([[], 0]);
  pass(2);
  expect([memory.recall(1), memory.recall(2)]).toEqual([undefined, undefined]);
});

test('a full memory keeps the apps that are asked for most, and one giant library does not drive them out', () => {
  const memory = createMemory(10);
  for (let appId = 1; appId <= 10; appId += 1) memory.remember(hitOf(appId));
  for (let appId = 1; appId <= 5; appId += 1) memory.recall(appId);
  for (let appId = 1000; appId < 1500; appId += 1) memory.remember(hitOf(appId));
  const kept = memory.worthKeeping().map(({ appId }) => appId);
  expect(kept).toHaveLength(10);
  expect(kept).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]));
});

test('what nobody asked for in weeks gives way to what is asked for now', () => {
  const memory = createLookupMemory({
    ...{ hitSeconds: 1e8, missSeconds: 10, weakSeconds: 2, maxApps: 1, maxUntold: 10 },
    now: () => clock.seconds * 1000,
  });
  memory.remember(hitOf(1));
  for (let times = 0; times < 10; times += 1) memory.recall(1);
  pass(60 * 24 * 3600);
  memory.remember(hitOf(2));
  expect(memory.worthKeeping().map(({ appId }) => appId)).toEqual([2]);
});

test('what others learnt is taken, of an app that both know the later answer, and counts are not added twice', () => {
  const [ours, theirs] = [createMemory(), createMemory()];
  theirs.remember(hitOf(1, 'Old'));
  theirs.remember(hitOf(3));
  pass(50);
  ours.remember({ ...hitOf(1, 'New'), learntAt: 1_790_000_050 });
  ours.remember(hitOf(2));
  ours.absorb(theirs.worthKeeping());
  ours.absorb(theirs.worthKeeping());
  expect([1, 2, 3].map((appId) => ours.recall(appId))).toEqual([
    { ...hitOf(1, 'New'), learntAt: 1_790_000_050 },
    hitOf(2),
    hitOf(3),
  ]);
  expect(ours.worthKeeping().find(({ appId }) => appId === 3)).toMatchObject({ asked: 2 });
});

test('a later answer that holds for a shorter time is not undone by an earlier one', () => {
  const [ours, theirs] = [createMemory(), createMemory()];
  theirs.remember(hitOf(1));
  pass(5);
  // IGDB took the game back.
  ours.remember({ ...missOf(1), learntAt: 1_790_000_005 });
  ours.absorb(theirs.worthKeeping());
  theirs.absorb(ours.worthKeeping());
  for (const memory of [ours, theirs]) expect(memory.recall(1)?.match?.status).toBe('UNMATCHED');
});

test('what expired is neither taken nor told', () => {
  const [ours, theirs] = [createMemory(), createMemory()];
  theirs.remember(missOf(1));
  const told = theirs.worthKeeping();
  pass(20);
  ours.absorb(told);
  expect([ours.recall(1), theirs.worthKeeping()]).toEqual([undefined, []]);
});

test('what was told counts once, and makes room for what others do not know yet', () => {
  const memory = createLookupMemory({
    ...{ hitSeconds: 100, missSeconds: 10, weakSeconds: 2, maxApps: 100, maxUntold: 4 },
    now: () => clock.seconds * 1000,
  });
  for (let appId = 1; appId <= 20; appId += 1) memory.remember(hitOf(appId));
  expect(memory.worthKeeping().length).toBeLessThanOrEqual(5);
  const before = memory.worthKeeping();
  memory.tellAll();
  expect(memory.worthKeeping()).toEqual(before);
  for (let appId = 101; appId <= 104; appId += 1) memory.remember(hitOf(appId));
  expect(memory.worthKeeping()).toHaveLength(before.length + 4);
});

describe('the file', () => {
  const file = () => {
    const memory = createMemory();
    memory.remember(hitOf(1));
    memory.remember(missOf(2));
    const apps = memory.worthKeeping();
    return { text: [...writeLookupMemory(apps)].join(''), apps };
  };
  const read = (text: string, chunkBytes = 17) =>
    readLookupMemory(
      (async function* () {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
      })(),
    );

  test('says again what was written, however it arrives', async () => {
    const { text, apps } = file();
    for (const chunkBytes of [1, 17, 1e6]) expect(await read(text, chunkBytes)).toEqual(apps);
    const memory = createMemory();
    memory.absorb(await read(text));
    expect([memory.recall(1), memory.recall(2)]).toEqual([hitOf(1), missOf(2)]);
  });

  test('of another version, or no such file at all, is not read', async () => {
    const { text } = file();
    for (const other of [text.replace('memory 2', 'memory 3'), '', '{}', 'appid,name\n1,Portal\n'])
      expect(await read(other)).toEqual([]);
  });

  test('that was cut or damaged loses the lines concerned alone', async () => {
    const { text } = file();
    for (let length = text.length - 2; length > text.indexOf('\n'); length -= 7)
      expect((await read(text.slice(0, length))).length).toBeLessThan(2);
    expect(await read(text.replace('\t', ' '))).toHaveLength(1);
    const memory = createMemory();
    memory.absorb([{ ...file().apps[0]!, knowledge: '{"appId":"no number"}' }]);
    expect(memory.recall(1)).toBeUndefined();
  });
});
