import fc from 'fast-check';
import { classifications } from '@savepoint/core/contracts/classification.ts';
import {
  type EnrichedRow,
  enrichedColumns,
  enrichedHeader,
  readEnrichedLibrary,
  writeEnrichedRows,
} from '@savepoint/core/contracts/enriched-library.ts';
import { chunksOf } from '../../support/bytes.ts';
import { enrichedGame, enrichedRow } from '../../support/library-rows.ts';

async function read(file: string) {
  const rows: EnrichedRow[] = [];
  const reasons: string[] = [];
  for await (const batch of readEnrichedLibrary(chunksOf(file))) {
    rows.push(...batch.rows);
    reasons.push(...batch.rejects.map(({ reason }) => reason));
  }
  return { rows, reasons };
}
/** One row of the file with these columns and values. */
const readOne = (values: Record<string, string>) =>
  read(`appid,name,${Object.keys(values).join(',')}\n570,Dota 2,${Object.values(values).join(',')}\n`);

test('the columns stand in the order of the contract', () => {
  expect(
    enrichedColumns
      .slice(0, 21)
      .map(({ name }) => name)
      .join(','),
  ).toBe(
    'appid,name,playtime_forever,img_icon_url,rtime_last_played,playtime_2weeks,playtime_windows_forever,playtime_mac_forever,playtime_linux_forever,playtime_deck_forever,playtime_disconnected,igdb_id,igdb_slug,igdb_name,summary,release_date,cover_url,genres,platforms,classification,match_status',
  );
});

test('each field of each kind of row is read as it was written', async () => {
  const none = { matchMethod: null, matchConfidence: null, game: null };
  const rows = [
    enrichedRow({ appId: 1 }),
    enrichedRow({ appId: 2, matchStatus: 'UNMATCHED', ...none, matchReason: 'no candidate bears this name' }),
    enrichedRow({
      appId: 3,
      classification: 'dlc',
      matchStatus: 'IGNORED',
      ...none,
      matchReason: null,
      rejectedIgdbIds: [],
    }),
    enrichedRow({ appId: 4, matchStatus: 'PENDING', ...none, matchReason: null, rejectedIgdbIds: [] }),
    enrichedRow({
      appId: 5,
      matchReason: `pinned by an override: ${'n'.repeat(500)}`,
      game: enrichedGame({
        slug: null,
        summary: null,
        releaseDate: null,
        coverImageId: null,
        genres: null,
        platforms: null,
        gameType: null,
        parentGameId: null,
        versionParentId: null,
        updatedAt: null,
      }),
    }),
  ];
  expect(await read(enrichedHeader + writeEnrichedRows(rows))).toEqual({ rows, reasons: [] });
});

test('what a row of a dropped file may leave out follows from the rest', async () => {
  expect((await readOne({ igdb_id: '2963' })).rows[0]).toMatchObject({
    classification: null,
    matchStatus: 'MATCHED',
    game: { igdbId: 2963, name: null, genres: null, coverImageId: null },
  });
  expect((await readOne({ igdb_id: '' })).rows[0]).toMatchObject({ matchStatus: 'PENDING', game: null });
  expect((await readOne({ igdb_id: '5', classification: 'demo' })).rows[0]).toMatchObject({
    matchStatus: 'IGNORED',
    game: null,
  });
  expect(
    (await readOne({ igdb_id: '5', classification: 'tool', match_status: 'MATCHED' })).rows[0],
  ).toMatchObject({ matchStatus: 'IGNORED', game: null });
  expect((await readOne({ igdb_id: '5', match_status: 'UNMATCHED' })).rows[0]).toMatchObject({
    matchStatus: 'UNMATCHED',
    game: null,
  });
});

test.each([
  [{ match_status: 'MATCHED' }, 'match_status is MATCHED but igdb_id is empty'],
  [{ match_status: 'matched' }, 'match_status is none of MATCHED, UNMATCHED, IGNORED, PENDING'],
  [{ classification: 'toy' }, 'classification is none of game, dlc,'],
  [{ igdb_id: '0' }, 'igdb_id must be at least 1'],
  [{ igdb_id: '9999999999' }, 'igdb_id is not a whole number'],
  [{ release_date: '0000-00-00' }, 'release_date is not a day written as YYYY-MM-DD'],
  [{ release_date: '2023-02-29' }, 'release_date is not a day'],
  [{ release_date: '9 Jul 2013' }, 'release_date is not a day'],
  [{ release_date: '2013-7-9' }, 'release_date is not a day'],
  [{ match_confidence: '1.5' }, 'match_confidence is not a number from 0 to 1'],
  [{ rejected_igdb_ids: '1|x' }, 'rejected_igdb_ids is not a list of ids'],
  [{ summary: 'x'.repeat(20_001) }, 'summary is longer than 20,000 characters'],
  [{ igdb_name: 'a\u0000' }, 'igdb_name holds a NUL'],
])('%j is refused', async (values, reason) => {
  const { rows, reasons } = await readOne(values);
  expect(rows).toEqual([]);
  expect(reasons).toEqual([expect.stringContaining(reason)]);
});

test.each([
  [
    '5:Shooter|31:Adventure',
    [
      { id: 5, name: 'Shooter' },
      { id: 31, name: 'Adventure' },
    ],
  ],
  [
    '"Shooter, Adventure"',
    [
      { id: null, name: 'Shooter' },
      { id: null, name: 'Adventure' },
    ],
  ],
  [
    'Shooter|Adventure',
    [
      { id: null, name: 'Shooter' },
      { id: null, name: 'Adventure' },
    ],
  ],
  [
    '5:Shooter|Adventure',
    [
      { id: 5, name: 'Shooter' },
      { id: null, name: 'Adventure' },
    ],
  ],
  [
    '"25:Hack and slash, Beat \'em up|5:Shooter"',
    [
      { id: 25, name: "Hack and slash, Beat 'em up" },
      { id: 5, name: 'Shooter' },
    ],
  ],
  ['"Shooter,, Shooter ,"', [{ id: null, name: 'Shooter' }]],
  ['5:Shooter|5:Shooter', [{ id: 5, name: 'Shooter' }]],
  ['8:Title: Subtitle', [{ id: 8, name: 'Title: Subtitle' }]],
  ['', null],
])('genres %s', async (genres, expected) => {
  expect((await readOne({ igdb_id: '1', genres })).rows[0]!.game!.genres).toEqual(expected);
});

test.each([
  ['https://images.igdb.com/igdb/image/upload/t_cover_big/co6ene.jpg', 'co6ene'],
  ['//images.igdb.com/igdb/image/upload/t_cover_big_2x/co1abc.png', 'co1abc'],
  ['https://example.com/', null],
])('the cover %s is kept as %s', async (cover_url, imageId) => {
  expect((await readOne({ igdb_id: '1', cover_url })).rows[0]!.game!.coverImageId).toBe(imageId);
});

test('only games carry a match, whatever a file says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...classifications),
      fc.constantFrom('', 'MATCHED', 'UNMATCHED', 'IGNORED', 'PENDING'),
      fc.constantFrom('', '12'),
      async (classification, match_status, igdb_id) => {
        for (const row of (await readOne({ classification, match_status, igdb_id })).rows) {
          expect(row.game !== null).toBe(row.matchStatus === 'MATCHED');
          if (row.classification !== 'game') expect(row.matchStatus).toBe('IGNORED');
        }
      },
    ),
  );
});
