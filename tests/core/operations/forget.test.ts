import { followKey } from '@savepoint/core/contracts/follow.ts';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { droppedKey, indexKey, openKey, placeOf, statusKey } from '@savepoint/core/contracts/object-key.ts';
import { type ForgetPorts, forget } from '@savepoint/core/operations/forget.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';

/** Wherever forgetting is broken off, the next delivery finds the rest. */

const person = '76561197960287930' as SteamId;
const ids = ['20260101T000000000Z', '20260102T000000000Z'].map((at) => `${person}-${at}` as ImportId);
const neighbour = '76561197960287931-20260101T000000000Z' as ImportId;
const request = { steam_id: person, requested_at: '2026-02-01T00:00:00.000Z' };
const objectsOf = (id: ImportId) => [
  `raw/steam-library-${id}.csv`,
  `enriched/steam-library-${id}-enriched.csv`,
  statusKey(id, 'request'),
  openKey(id),
  indexKey(placeOf(id)),
];
/** Of an import that began with a file dropped long after the time in its name. */
const dropped = { importId: `${person}-2020-01-31` as ImportId, at: Date.parse('2026-01-03T00:00:00Z') };
const droppedObjects = [droppedKey(dropped), indexKey(dropped)];

/** @param calls of removals until the function is killed. */
function bucketThatFailsAfter(calls: number) {
  const keys = new Set([...[...ids, neighbour].flatMap(objectsOf), ...droppedObjects]);
  let left = calls;
  const sent: unknown[] = [];
  const rows = ['a row'];
  const ports: ForgetPorts = {
    tombstones: { write: async () => {}, forgottenAt: async () => null },
    objects: {
      async *list(prefix) {
        yield* [...keys].filter((key) => key.startsWith(prefix)).sort();
      },
      async remove(key) {
        if (left-- === 0) throw new Error('killed');
        keys.delete(key);
      },
    },
    forgetWaves: async () => {},
    deadLetters: { discard: async () => ({ discarded: 0, matching: 0, more: false, dry_run: false }) },
    async forgetRows() {
      rows.splice(0);
      return {};
    },
    sendAgain: async (message) => void sent.push(message),
  };
  return { keys, ports, sent, rows };
}

test.each(Array.from({ length: ids.length * 5 + droppedObjects.length }, (_, removed) => removed))(
  'broken off after %d objects, it is finished by the next delivery',
  async (removed) => {
    const { keys, ports, sent } = bucketThatFailsAfter(removed);
    await expect(forget(request, ports)).rejects.toThrow('killed');
    expect(sent).toEqual([]);
    await forget(request, ports);
    expect([...keys].sort()).toEqual(objectsOf(neighbour).sort());
    expect(sent).toEqual([{ ...request, again: true }]);
  },
);

test('the second look leaves whoever was imported anew meanwhile, and takes what was late', async () => {
  const { keys, ports, rows } = bucketThatFailsAfter(Number.POSITIVE_INFINITY);
  await forget(request, ports);
  expect(rows).toEqual([]);
  const anew = [...objectsOf(`${person}-20260201T000500000Z` as ImportId), `exports/${person}/library.json`];
  rows.push('a row of the newer import');
  for (const key of [...anew, ...objectsOf(ids[1]!)]) keys.add(key);
  await forget({ ...request, again: true }, ports);
  expect([...keys].sort()).toEqual([...anew, ...objectsOf(neighbour)].sort());
  expect(rows).toEqual(['a row of the newer import']);
});

test('the second look takes rows and files that came late, where nobody asked anew', async () => {
  const { keys, ports, rows } = bucketThatFailsAfter(Number.POSITIVE_INFINITY);
  await forget({ ...request, again: true }, ports);
  expect([...keys].sort()).toEqual(objectsOf(neighbour).sort());
  expect(rows).toEqual([]);
});

test('the second look leaves a follow, which somebody set since', async () => {
  const { keys, ports } = bucketThatFailsAfter(Number.POSITIVE_INFINITY);
  keys.add(followKey(person, 'day'));
  await forget(request, ports);
  expect(keys).not.toContain(followKey(person, 'day'));
  keys.add(followKey(person, 'day'));
  await forget({ ...request, again: true }, ports);
  expect(keys).toContain(followKey(person, 'day'));
});
