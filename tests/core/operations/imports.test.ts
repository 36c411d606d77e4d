import { importIdOf, steamIdOf } from '../../support/ids.ts';
import { placeOf } from '@savepoint/core/contracts/object-key.ts';
import { newImportRequest } from '@savepoint/core/contracts/import-request.ts';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import type { ImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { findImport, findSteamId, listImports, requestImport } from '@savepoint/core/operations/imports.ts';
import { failureOf } from '../../support/failure.ts';

const steamId = steamIdOf('76561197960287930');

/** Records in memory, and what was queued. */
function createPorts(now = new Date('2026-11-23T04:30:00.123Z')) {
  const requests = new Map<string, ImportRequest>();
  const events: string[] = [];
  return {
    requests,
    events,
    now: () => now,
    sendRequest: async (body: string) => {
      events.push(`sent ${JSON.parse(body).import_id}`);
    },
    statuses: {
      createRequest: async (request: ImportRequest) => {
        if (requests.has(request.import_id)) return false;
        events.push(`stored ${request.import_id}`);
        requests.set(request.import_id, request);
        return true;
      },
      read: async (importId: string) => {
        const request = requests.get(importId);
        return request ? { request, stages: {} } : null;
      },
      listPlaces: async () => [...requests.values()].map(({ import_id }) => placeOf(import_id)).toReversed(),
    },
  };
}

test('Steam is asked for names only', async () => {
  const asked: string[] = [];
  const resolve = async (name: string) => {
    asked.push(name);
    return steamId;
  };
  expect(await findSteamId('[U:1:22202]', resolve)).toBe(steamId);
  expect(await findSteamId('https://steamcommunity.com/id/gabe', resolve)).toBe(steamId);
  expect(asked).toEqual(['gabe']);
  expect((await failureOf(() => findSteamId('[g:1:4]', resolve))).code).toBe('STEAM_ID_NOT_A_PERSON');
});

test('a request is stored before it is queued, so that whatever is queued can be followed', async () => {
  const ports = createPorts();
  const { import_id } = await requestImport(steamId, ports);
  expect(ports.events).toEqual([`stored ${import_id}`, `sent ${import_id}`]);
  expect(await findImport(import_id, ports.statuses, ports.now())).toMatchObject({
    status: 'queued',
    steam_id: steamId,
  });
});

test('requests for one person within a millisecond get ids of their own', async () => {
  const ports = createPorts();
  const requests = await Promise.all(Array.from({ length: 20 }, () => requestImport(steamId, ports)));
  expect(new Set(requests.map(({ import_id }) => import_id)).size).toBe(20);
  expect(requests[0]!.import_id).toBe(`${steamId}-20261123T043000123Z`);
});

test('storage that takes every id for taken is not asked for ever', async () => {
  const ports = createPorts();
  let asked = 0;
  const createRequest = async () => {
    asked += 1;
    return false;
  };
  expect(
    await failureOf(() =>
      requestImport(steamId, { ...ports, statuses: { ...ports.statuses, createRequest } }),
    ),
  ).toMatchObject({ code: 'STORAGE_CONTENDED', retryable: true });
  expect(asked).toBeLessThanOrEqual(50);
  expect(ports.events).toEqual([]);
});

test('what is no import id is not looked for', async () => {
  const statuses = { read: () => Promise.reject(new Error('asked')) };
  for (const text of ['', '../secret', `${steamId}`, 'x'.repeat(10_000)])
    expect(await findImport(text, statuses, new Date())).toBeNull();
});

test('imports are listed as they are found, and one deleted meanwhile is left out', async () => {
  const ports = createPorts();
  const first = await requestImport(steamId, ports);
  const second = await requestImport(steamId, ports);
  const list = async () => [importIdOf(`${steamId}-20200101`), second.import_id, first.import_id];
  const page = async () => (await list()).map((importId) => ({ ...placeOf(importId), cursor: importId }));
  const { imports } = await listImports({ max: 5 }, { ...ports, index: { page } });
  expect(imports.map(({ import_id }) => import_id)).toEqual([second.import_id, first.import_id]);
});

describe('a listing of everybody', () => {
  const newest = Date.parse('2026-11-23T04:30:00Z');
  const importIds = Array.from({ length: 3000 }, (_, index) =>
    newImportRequest(steamId, new Date(newest - index * 60_000)),
  ).map(({ import_id }) => import_id);
  /** Every hundredth has failed. */
  const failedAt = (importId: ImportId) => importIds.indexOf(importId) % 100 === 99;
  const createListing = () => {
    let read = 0;
    const pages: number[] = [];
    const ports = {
      now: () => new Date(newest),
      statuses: {
        read: async (importId: ImportId) => {
          read += 1;
          const at = new Date(newest).toISOString();
          const stage = {
            stage: 'steam-import',
            status: failedAt(importId) ? 'failed' : 'completed',
            started_at: at,
          };
          return { request: null, stages: { 'steam-import': { ...stage, attempt_started_at: at } } } as never;
        },
        listPlaces: async () => importIds.map(placeOf),
      },
      index: {
        page: async ({ cursor, max }: { cursor?: string | undefined; max: number }) => {
          pages.push(max);
          const from = cursor === undefined ? 0 : Number(cursor) + 1;
          return importIds.slice(from, from + max).map((importId, index) => ({
            ...placeOf(importId),
            cursor: String(from + index),
          }));
        },
      },
    };
    return { ports, costs: () => ({ read, pages }) };
  };

  test('goes on where the page before ended, and reads what it shows', async () => {
    const { ports, costs } = createListing();
    const first = await listImports({ max: 20 }, ports);
    expect(first.imports.map(({ import_id }) => import_id)).toEqual(importIds.slice(0, 20));
    const second = await listImports({ max: 20, cursor: first.next_cursor }, ports);
    expect(second.imports.map(({ import_id }) => import_id)).toEqual(importIds.slice(20, 40));
    expect(costs().pages).toEqual([21, 21]);
    expect(costs().read).toBeLessThanOrEqual(42);
    const last = await listImports({ max: 20, cursor: '2990' }, ports);
    expect([last.imports.length, last.next_cursor]).toEqual([9, undefined]);
  });

  test('with a filter looks at a thousand entries at most, and tells where to go on', async () => {
    const { ports, costs } = createListing();
    const first = await listImports({ status: 'failed', max: 20 }, ports);
    expect([first.imports.length, first.next_cursor]).toEqual([10, '999']);
    expect(costs().read).toBe(1000);
    const since = new Date(newest - 150 * 60_000);
    expect(await listImports({ status: 'failed', since, max: 20 }, ports)).toEqual({
      imports: [expect.objectContaining({ import_id: importIds[99] })],
    });
  });

  test('of one person pages as well', async () => {
    const { ports } = createListing();
    const first = await listImports({ steamId, max: 5 }, ports);
    const second = await listImports({ steamId, max: 5, cursor: first.next_cursor }, ports);
    expect([...first.imports, ...second.imports].map(({ import_id }) => import_id)).toEqual(
      importIds.slice(0, 10),
    );
  });
});
