import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { enrichedHeader, writeEnrichedRows } from '@savepoint/core/contracts/enriched-library.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { type AppsFilter, listApps } from '@savepoint/core/operations/list-apps.ts';
import { chunksOf } from '../../support/bytes.ts';
import { importIdOf } from '../../support/ids.ts';
import { enrichedRow } from '../../support/library-rows.ts';

const importId = importIdOf('76561197960287930-20261123T043000123Z');
const noMatch = { game: null, matchConfidence: null, matchMethod: null, candidates: null };
const rows = [
  enrichedRow({ appId: 10 }),
  enrichedRow({ appId: 20, matchConfidence: 0.89 }),
  enrichedRow({ appId: 30, ...noMatch, matchStatus: 'UNMATCHED', rejectedIgdbIds: [7] }),
  enrichedRow({ appId: 40, ...noMatch, matchStatus: 'IGNORED', classification: 'tool' }),
  enrichedRow({ appId: 50, matchConfidence: 0.9 }),
];

function list(filter: AppsFilter, page = {}, stored: readonly EnrichedRow[] = rows) {
  const text = enrichedHeader + writeEnrichedRows(stored);
  return listApps(
    importId,
    filter,
    { max: 100, ...page },
    {
      open: async (key) =>
        key === printLibraryKey(libraryKeyOf('enriched', importId)) ? { body: chunksOf(text, 100) } : null,
    },
  );
}

const idsOf = async (filter: AppsFilter) => (await list(filter))!.apps.map(({ appid }) => appid);

test('which apps: all, of one status, of one kind, and those that may be wrong', async () => {
  expect(await idsOf({})).toEqual([10, 20, 30, 40, 50]);
  expect(await idsOf({ matchStatus: 'UNMATCHED' })).toEqual([30]);
  expect(await idsOf({ classification: 'tool' })).toEqual([40]);
  expect(await idsOf({ doubtful: true })).toEqual([20]);
  expect(await idsOf({ doubtful: true, matchStatus: 'UNMATCHED' })).toEqual([]);
});

test('an app tells how it was matched and what else it could be, by name where that is known', async () => {
  const { apps } = (await list({}))!;
  expect(apps[0]).toEqual({
    appid: 10,
    name: rows[0]!.name,
    classification: 'game',
    match_status: 'MATCHED',
    igdb_id: rows[0]!.game!.igdbId,
    igdb_name: rows[0]!.game!.name,
    match_method: rows[0]!.matchMethod,
    match_confidence: 0.95,
    match_reason: 'its only candidate',
    candidates: [
      { igdb_id: 4, name: 'Half-Life 2: Episode One' },
      { igdb_id: 5, name: 'Half-Life, 2: Demo' },
    ],
  });
  expect(apps[2]).toMatchObject({ igdb_id: null, igdb_name: null, candidates: [{ igdb_id: 7 }] });
});

test('page by page every app comes once, and the last page has no cursor', async () => {
  const seen: number[][] = [];
  let cursor: number | undefined;
  do {
    const page = (await list({}, { max: 2, cursor }))!;
    seen.push(page.apps.map(({ appid }) => appid));
    cursor = page.next_cursor === undefined ? undefined : Number(page.next_cursor);
  } while (cursor !== undefined);
  expect(seen).toEqual([[10, 20], [30, 40], [50]]);
  // What does not fit between two pages costs none of its own.
  expect(await list({ matchStatus: 'MATCHED' }, { max: 2 })).toMatchObject({ next_cursor: '4' });
  expect(await list({ matchStatus: 'MATCHED' }, { max: 3 })).not.toHaveProperty('next_cursor');
});

test('an import without an enriched file has no list', async () => {
  const nothing = { open: async () => null };
  expect(await listApps(importId, {}, { max: 1 }, nothing)).toBeNull();
});
