import type { AppKnowledge } from '@savepoint/core/contracts/checkpoint.ts';
import { createLookupMemory } from '@savepoint/core/enrichment/lookup-memory.ts';

const unmatched = { status: 'UNMATCHED', reason: 'unknown', rejectedIds: [] } as const;
const knowledge = (appId: number, match: AppKnowledge['match'] = null): AppKnowledge => ({
  appId,
  steamType: 0,
  storeAnswered: true,
  match: match && { ...match, rejectedIds: [] },
  learntAt: 1_790_000_000,
});

function createMemory(maxApps = 10) {
  const clock = { seconds: 0 };
  const memory = createLookupMemory({
    maxApps,
    hitSeconds: 100,
    missSeconds: 10,
    weakSeconds: 2,
    now: () => clock.seconds * 1000,
  });
  return { memory, clock };
}

test('what was looked up is remembered, a miss for a shorter time than a hit', () => {
  const { memory, clock } = createMemory();
  memory.remember(knowledge(1));
  memory.remember(knowledge(2, { ...unmatched, rejectedIds: [] }));
  clock.seconds = 9;
  expect([memory.recall(1), memory.recall(2)]).toEqual([
    knowledge(1),
    knowledge(2, { ...unmatched, rejectedIds: [] }),
  ]);
  clock.seconds = 10;
  expect([memory.recall(1), memory.recall(2)]).toEqual([knowledge(1), undefined]);
  clock.seconds = 100;
  expect(memory.recall(1)).toBeUndefined();
});

test('a full memory forgets the app that was not asked for longest', () => {
  const { memory } = createMemory(2);
  memory.remember(knowledge(1));
  memory.remember(knowledge(2));
  memory.recall(1);
  memory.remember(knowledge(3));
  expect([1, 2, 3].map((appId) => memory.recall(appId)?.appId)).toEqual([1, undefined, 3]);
});

test('a newer answer replaces the older one and its expiry', () => {
  const { memory, clock } = createMemory();
  memory.remember(knowledge(1, { ...unmatched, rejectedIds: [] }));
  clock.seconds = 9;
  memory.remember(knowledge(1));
  clock.seconds = 50;
  expect(memory.recall(1)).toEqual(knowledge(1));
});

test('what a silent source left open is remembered for minutes alone', () => {
  const { memory, clock } = createMemory();
  memory.remember({ ...knowledge(1), steamType: null, storeAnswered: false });
  memory.remember(knowledge(2, { status: 'PENDING', reason: 'refused', rejectedIds: [] }));
  memory.remember({ ...knowledge(3), steamType: null });
  clock.seconds = 1;
  expect([1, 2, 3].map((appId) => memory.recall(appId)?.appId)).toEqual([1, 2, 3]);
  clock.seconds = 2;
  expect([1, 2, 3].map((appId) => memory.recall(appId)?.appId)).toEqual([undefined, undefined, 3]);
  clock.seconds = 10;
  expect(memory.recall(3)).toBeUndefined();
});
