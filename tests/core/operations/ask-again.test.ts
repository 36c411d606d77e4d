import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { parseObjectCreated, splitNotification } from '@savepoint/core/contracts/object-created.ts';
import { isAskingAgain, type PendingImport } from '@savepoint/core/contracts/pending-import.ts';
import { type AskAgainPorts, askAgain } from '@savepoint/core/operations/ask-again.ts';
import { parseImportId } from '@savepoint/core/contracts/import-id.ts';
import { importIdOf } from '../../support/ids.ts';

const hourMs = 60 * 60 * 1000;
const publishedAt = Date.parse('2026-11-23T06:00:00Z');
const importId = importIdOf('76561197960287930-20261123T050000000Z');
const person = (index: number) => importIdOf(`${76561197960287930n + BigInt(index)}-20261123T050000000Z`);
const rawKey = (id: ImportId) => printLibraryKey(libraryKeyOf('raw', id));

/** Markers, files and a queue in memory, on a clock that is moved; `log` tells the order of what was written. */
function createWorld(importIds: readonly ImportId[] = [importId]) {
  let nowMs = publishedAt;
  const markers = new Map<ImportId, { writtenAt: Date; marker: PendingImport | null }>();
  const write = (id: ImportId, marker: PendingImport | null) =>
    markers.set(id, { writtenAt: new Date(nowMs), marker });
  for (const id of importIds) write(id, { since: new Date(nowMs).toISOString(), tries: 0 });
  const world = {
    markers,
    write,
    files: new Set(importIds.map(rawKey)),
    imports: [...importIds],
    sent: [] as { stage: string; body: string }[],
    log: [] as string[],
    waiting: 0,
    reads: 0,
  };
  const ports: AskAgainPorts = {
    bucketName: 'bucket',
    now: () => new Date(nowMs),
    objects: {
      async *list(prefix) {
        for (const key of world.files) if (key.startsWith(prefix)) yield { key };
      },
    },
    pending: {
      async *list() {
        for (const [id, { writtenAt }] of markers) yield { importId: id, writtenAt };
      },
      read: async (id) => {
        world.reads += 1;
        return markers.get(id)?.marker ?? null;
      },
      write: async (id, marker) => {
        world.log.push('marker');
        write(id, marker);
      },
      drop: async (id) => void markers.delete(id),
    },
    index: { reopen: async () => void world.log.push('open') },
    statuses: {
      list: async ({ steamId, max }) =>
        world.imports
          .filter((id) => parseImportId(id).steamId === steamId)
          .sort((a, b) => parseImportId(b).importedAt - parseImportId(a).importedAt)
          .slice(0, max),
    },
    queues: {
      depths: async () => [
        { stage: 'igdb-enrichment', waiting: world.waiting, in_flight: 0, delayed: 0, dead_letters: 0 },
      ],
      send: async (stage, body) => {
        world.log.push('message');
        world.sent.push({ stage, body });
      },
    },
  };
  const runAfter = (hours: number) => {
    nowMs = publishedAt + hours * hourMs;
    return askAgain(ports);
  };
  return { ...world, world, ports, runAfter };
}

const nothing = { asked: [], dropped: [], more: false };

test('an import is sent to enrichment after 1, 6 and 24 hours, and then left', async () => {
  const { runAfter, markers, sent } = createWorld();
  const askedAfter: number[] = [];
  for (let hours = 0.5; hours < 47; hours += 0.5)
    if ((await runAfter(hours)).asked.length > 0) askedAfter.push(hours);
  expect(askedAfter).toEqual([1, 6, 24]);
  expect(await runAfter(48)).toEqual({ ...nothing, dropped: [{ import_id: importId, reason: 'left' }] });
  expect(markers.size).toBe(0);
  expect(sent.map(({ stage }) => stage)).toEqual(['igdb-enrichment', 'igdb-enrichment', 'igdb-enrichment']);
  const runs = sent.map(({ body }) => parseObjectCreated(splitNotification(JSON.parse(body))[0]));
  expect(runs.map((object) => object?.key)).toEqual(Array(3).fill(rawKey(importId)));
  // Each run is one of its own, and known for what it is.
  expect(new Set(runs.map((object) => object?.sequencer)).size).toBe(3);
  expect(runs.every((object) => isAskingAgain(object?.sequencer ?? ''))).toBe(true);
});

test('what the hourly run missed is made up for, one try a run', async () => {
  const { runAfter } = createWorld();
  expect((await runAfter(30)).asked).toEqual([importId]);
  expect((await runAfter(30.1)).asked).toEqual([]);
  expect((await runAfter(31.1)).asked).toEqual([importId]);
});

test('the import is open before its message is sent, and that before the marker says so: no crash loses a try', async () => {
  const { runAfter, log } = createWorld();
  await runAfter(1);
  expect(log).toEqual(['open', 'message', 'marker']);
});

test('a newer import of the person asks for itself; an older one, or one of somebody else, does not', async () => {
  const { runAfter, world, markers } = createWorld();
  world.imports.push(person(1), importIdOf('76561197960287930-20261101T050000000Z'));
  expect((await runAfter(1)).asked).toEqual([importId]);
  world.imports.push(importIdOf('76561197960287930-20261123T070000000Z'));
  expect(await runAfter(6)).toEqual({ ...nothing, dropped: [{ import_id: importId, reason: 'newer' }] });
  expect(markers.size).toBe(0);
});

test('a marker goes whose raw file is gone, or that nobody can read', async () => {
  const { runAfter, world, write } = createWorld([importId, person(1)]);
  world.files.delete(rawKey(importId));
  write(person(1), null);
  expect(await runAfter(1)).toEqual({
    ...nothing,
    dropped: [
      { import_id: importId, reason: 'gone' },
      { import_id: person(1), reason: 'unreadable' },
    ],
  });
});

test('people who wait come first: a busy queue gets nothing, and no run sends more than 500', async () => {
  const importIds = Array.from({ length: 700 }, (_, index) => person(index));
  const { runAfter, world } = createWorld(importIds);
  world.waiting = 50;
  expect(await runAfter(1)).toEqual({ ...nothing, more: true });
  world.waiting = 49;
  const first = await runAfter(1);
  expect([first.asked.length, first.more]).toEqual([500, true]);
  const second = await runAfter(1.01);
  expect([second.asked.length, second.more]).toEqual([200, false]);
  expect(new Set([...first.asked, ...second.asked])).toEqual(new Set(importIds));
});

test('what was published within the hour is not even read', async () => {
  const { runAfter, world } = createWorld();
  expect(await runAfter(0.9)).toEqual(nothing);
  expect(world.reads).toBe(0);
});
