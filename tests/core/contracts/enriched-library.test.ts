import fc from 'fast-check';
import { classifications } from '@savepoint/core/contracts/classification.ts';
import { partFromJson } from '@savepoint/core/contracts/columns.ts';
import {
  type EnrichedRow,
  enrichedColumns,
  enrichedHeader,
  readEnrichedLibrary,
  writeEnrichedRows,
} from '@savepoint/core/contracts/enriched-library.ts';
import { withoutPlaceholder } from '@savepoint/core/contracts/raw-library.ts';
import { chunksOf } from '../../support/bytes.ts';
import { enrichedGame, enrichedRow } from '../../support/library-rows.ts';

async function read(file: string) {
  const rows: EnrichedRow[] = [];
  const reasons: string[] = [];
  const unread: string[] = [];
  for await (const batch of readEnrichedLibrary(chunksOf(file))) {
    rows.push(...batch.rows);
    reasons.push(...batch.rejects.map(({ reason }) => reason));
    unread.push(...batch.unread);
  }
  return { rows, reasons, unread };
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
  expect(await read(enrichedHeader + writeEnrichedRows(rows))).toEqual({ rows, reasons: [], unread: [] });
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
  ['classification', 'toy', { classification: null, matchStatus: 'MATCHED' }],
  ['release_date', '0000-00-00', { game: { releaseDate: null } }],
  ['release_date', '2023-02-29', { game: { releaseDate: null } }],
  ['release_date', '9/7/2013', { game: { releaseDate: null } }],
  ['match_confidence', '1.5', { matchConfidence: null }],
  ['rejected_igdb_ids', '1|x', { rejectedIgdbIds: [] }],
  ['summary', 'x'.repeat(20_001), { game: { summary: null } }],
  ['igdb_name', 'a\u0000', { game: { name: null } }],
  ['game_type', 'main', { game: { gameType: null } }],
])('a bad %s is not told, and the rest of the row holds', async (column, value, expected) => {
  const { rows, reasons, unread } = await readOne({ igdb_id: '5', [column]: value });
  expect(rows).toMatchObject([{ appId: 570, matchStatus: 'MATCHED', game: { igdbId: 5 } }]);
  expect(rows).toMatchObject([expected]);
  expect([reasons, unread]).toEqual([[], [column]]);
});

test.each([
  [{ match_status: 'MATCHED' }, 'igdb_id'],
  [{ match_status: 'MATCHED', igdb_id: '0' }, 'igdb_id'],
  [{ match_status: 'UNMATCHED', igdb_id: '1.09E+06' }, 'igdb_id'],
  [{ igdb_id: '9999999999' }, 'igdb_id'],
  [{ match_status: 'perhaps', igdb_id: '5' }, 'match_status'],
])('%j leaves the match untold', async (values, column) => {
  const { rows, reasons, unread } = await readOne(values as Record<string, string>);
  expect(rows).toMatchObject([{ appId: 570, matchStatus: 'PENDING', game: null }]);
  expect([reasons, unread]).toEqual([[], [column]]);
});

test.each([
  [
    { igdb_id: '597.0', match_status: 'matched' },
    { matchStatus: 'MATCHED', game: { igdbId: 597 } },
  ],
  [{ igdb_id: '5', classification: 'Game' }, { classification: 'game' }],
  [{ igdb_id: '5', release_date: '2013-07-09 00:00:00' }, { game: { releaseDate: '2013-07-09' } }],
  [{ igdb_id: '5', release_date: '9 Jul 2013' }, { game: { releaseDate: '2013-07-09' } }],
  [{ igdb_id: '5', match_confidence: '"0,95"' }, { matchConfidence: 0.95 }],
  [{ igdb_id: '5', rejected_igdb_ids: '12.0' }, { rejectedIgdbIds: [12] }],
  [
    { igdb_id: 'NaN', match_status: 'UNMATCHED' },
    { matchStatus: 'UNMATCHED', game: null },
  ],
])('%j is read', async (values, expected) => {
  const { rows, reasons, unread } = await readOne(values as Record<string, string>);
  expect(rows).toMatchObject([expected]);
  expect([reasons, unread]).toEqual([[], []]);
});

test('whatever IGDB may tell is read as it was written', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('NaN', '="1"', ' x ', 'a,b|c', '5:x', '"', ';', '\t', '\n'),
  );
  const told = fc.oneof(
    fc.anything({ maxDepth: 1 }),
    fc.nat(3_000_000_000),
    fc.double(),
    text,
    fc.array(fc.record({ id: fc.nat(), name: text }), { maxLength: 3 }),
    fc.array(fc.nat(), { maxLength: 3 }),
    fc.array(text, { maxLength: 3 }),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  );
  const value = told.map((one) => (Object.is(one, -0) ? 0 : one));
  const json = fc.record(Object.fromEntries(enrichedColumns.map((column) => [column.name, value])));
  await fc.assert(
    fc.asyncProperty(fc.array(json, { maxLength: 8 }), fc.boolean(), async (apps, matched) => {
      const rows = apps.map((values, index): EnrichedRow => {
        const valueAt = ({ name }: { name: string }) =>
          ({ ...values, appid: index + 1, igdb_id: index + 1, classification: 'game' })[name];
        const game = partFromJson(enrichedColumns, 'game', valueAt)!;
        const row = withoutPlaceholder(partFromJson(enrichedColumns, 'app', valueAt)!);
        return {
          ...row,
          matchStatus: matched ? 'MATCHED' : 'UNMATCHED',
          game: matched ? { ...game, igdbId: index + 1, name: game.name ?? row.name } : null,
        };
      });
      const file = enrichedHeader + writeEnrichedRows(rows);
      expect(await read(file)).toEqual({ rows, reasons: [], unread: [] });
    }),
  );
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
