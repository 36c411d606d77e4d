import { steamIdOf } from '../../support/ids.ts';
import { type LibraryKey, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { readRawLibrary } from '@savepoint/core/contracts/raw-library.ts';
import { SteamApiError } from '@savepoint/core/errors.ts';
import { newImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { steamImport } from '@savepoint/core/stages/steam-import.ts';
import { chunksOf, collect } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';
import { rawRow } from '../../support/library-rows.ts';

const request = newImportRequest(steamIdOf('76561197960287930'), new Date('2026-11-23T04:30:00.123Z'));

/** What a run stored, by key, and whom it asked for. */
function createPorts(getOwnedGames: () => Promise<ReturnType<typeof rawRow>[]>, droppedCount = 0) {
  const asked: string[] = [];
  const stored = new Map<string, string>();
  const rejectedRows: (number | undefined)[] = [];
  return {
    asked,
    stored,
    rejectedRows,
    getOwnedGames: async (steamId: string) => {
      asked.push(steamId);
      return { rows: await getOwnedGames(), droppedCount };
    },
    putLibrary: async (key: LibraryKey, csv: string, rejected?: number) => {
      stored.set(printLibraryKey(key), csv);
      rejectedRows.push(rejected);
    },
  };
}

test('a library is stored under its import, each app once, in the order of their ids', async () => {
  const ports = createPorts(async () => [
    rawRow({ appId: 730, name: 'CS, "2"' }),
    rawRow({ appId: 570, name: 'old' }),
    rawRow({ appId: 570, name: 'Dota 2', playtimeMinutes: 5 }),
  ]);
  const key = 'raw/steam-library-76561197960287930-20261123T043000123Z.csv';
  expect(await steamImport(request, ports)).toEqual({ s3_key: key, game_count: 2, dropped_count: 0 });
  expect(ports.asked).toEqual(['76561197960287930']);
  const [batch] = await collect(readRawLibrary(chunksOf(ports.stored.get(key)!)));
  expect(batch).toMatchObject({
    rows: [
      rawRow({ appId: 570, name: 'Dota 2', playtimeMinutes: 5 }),
      rawRow({ appId: 730, name: 'CS, "2"' }),
    ],
    rejects: [],
  });
});

test('a second delivery of the request replaces the same object', async () => {
  const ports = createPorts(async () => [rawRow({ appId: 570 })]);
  expect(await steamImport(request, ports)).toEqual(await steamImport(request, ports));
  expect(ports.stored.size).toBe(1);
});

test('what Steam refuses stores nothing', async () => {
  const refusal = new SteamApiError('STEAM_GAME_DETAILS_PRIVATE', 'Private.', { retryable: false });
  const ports = createPorts(() => Promise.reject(refusal));
  expect(await failureOf(() => steamImport(request, ports))).toBe(refusal);
  expect(ports.stored.size).toBe(0);
});

test('what Steam owes is told, and noted with the object, so that nothing counts as gone', async () => {
  const ports = createPorts(async () => [rawRow({ appId: 570 })], 2);
  expect(await steamImport(request, ports)).toMatchObject({
    game_count: 1,
    dropped_count: 2,
    warnings: [{ code: 'STEAM_ANSWER_INCOMPLETE', message: expect.stringContaining('lacks 2 of the apps') }],
  });
  expect(ports.rejectedRows).toEqual([2]);
});
