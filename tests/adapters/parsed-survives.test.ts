import fc from 'fast-check';
import { readGame } from '@savepoint/adapters/igdb/game-rows.ts';
import { readOwnedGames } from '@savepoint/adapters/steam/owned-games.ts';
import {
  type EnrichedRow,
  enrichedHeader,
  readEnrichedLibrary,
  writeEnrichedRows,
} from '@savepoint/core/contracts/enriched-library.ts';
import { readRawLibrary, writeRawLibrary } from '@savepoint/core/contracts/raw-library.ts';
import { chunksOf, collect } from '../support/bytes.ts';
import { enrichedRow } from '../support/library-rows.ts';

/** Whatever is parsed from Steam or IGDB is written and read again as it was: no row is refused at the load. */

const oddNumber = fc.oneof(
  fc.integer({ min: -5, max: 100 }),
  fc.constantFrom(-0, 0.5, 1e-7, 2 ** 31 - 1, 2 ** 31, 4_000_000_000, 1e15, 1e300),
  // Days from the year 0000 to 9999 and beyond, and Unix seconds of today.
  fc.constantFrom(-62_167_219_200, -62_135_596_800, 253_402_300_800, 1_790_000_000),
);
const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    ' ',
    'App 5',
    '5:x|6:y',
    'a,b',
    '"',
    "'Round",
    '=1+1',
    'a\r\nb',
    '\ufeffx',
    '\ud800',
    'N/A',
  ),
  fc.integer({ min: 100, max: 30_000 }).map((length) => 'ü,"|'.repeat(length / 4)),
);
const anything = fc.oneof(oddNumber, oddText, fc.constant(null), fc.boolean(), fc.jsonValue({ maxDepth: 2 }));
const named = fc.record({ id: fc.oneof(oddNumber, fc.constant(null)), name: oddText }, { requiredKeys: [] });
const manyNamed = fc.array(fc.oneof({ weight: 9, arbitrary: named }, anything), { maxLength: 130 });
const mostly = (likely: fc.Arbitrary<unknown>) => fc.oneof({ weight: 4, arbitrary: likely }, anything);

const ownedGame = fc.record(
  {
    appid: mostly(fc.integer({ min: 1, max: 9 })),
    name: mostly(oddText),
    playtime_forever: mostly(oddNumber),
    playtime_2weeks: mostly(oddNumber),
    img_icon_url: mostly(oddText),
    rtime_last_played: mostly(oddNumber),
  },
  { requiredKeys: [] },
);

test('of Steam', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mostly(ownedGame), { maxLength: 8 }), oddNumber, async (entries, gameCount) => {
      const { rows, droppedCount } = readOwnedGames(entries, gameCount);
      expect(rows.length + droppedCount).toBeGreaterThanOrEqual(entries.length);
      const batches = await collect(readRawLibrary(chunksOf(writeRawLibrary(rows))));
      expect(batches.flatMap((batch) => batch.rejects)).toEqual([]);
      expect(batches.flatMap((batch) => batch.rows)).toEqual(rows);
    }),
    { numRuns: 300 },
  );
});

const igdbGame = fc.record(
  {
    id: mostly(fc.integer({ min: 1, max: 9 })),
    name: mostly(oddText),
    slug: mostly(oddText),
    summary: mostly(oddText),
    first_release_date: mostly(oddNumber),
    cover: mostly(fc.record({ image_id: fc.oneof(oddText, fc.constant('co1wyy')) })),
    genres: mostly(manyNamed),
    platforms: mostly(manyNamed),
    game_type: mostly(oddNumber),
    parent_game: mostly(fc.oneof(oddNumber, named)),
    version_parent: mostly(fc.oneof(oddNumber, named)),
    updated_at: mostly(oddNumber),
    alternative_names: mostly(fc.array(named, { maxLength: 3 })),
  },
  { requiredKeys: ['id', 'name'] },
);

test('of IGDB', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mostly(igdbGame), { maxLength: 4 }), async (answer) => {
      const games = answer.flatMap((json) => readGame(json) ?? []);
      const rows = games.map(
        ({ alternativeNames: _, ...game }, index): EnrichedRow =>
          enrichedRow({
            appId: index + 1,
            classification: 'game',
            matchStatus: 'MATCHED',
            rejectedIgdbIds: games.map(({ igdbId }) => igdbId),
            game,
          }),
      );
      const csv = enrichedHeader + writeEnrichedRows(rows);
      const batches = await collect(readEnrichedLibrary(chunksOf(csv)));
      expect(batches.flatMap((batch) => batch.rejects)).toEqual([]);
      expect(batches.flatMap((batch) => batch.rows)).toEqual(rows);
    }),
    { numRuns: 300 },
  );
});
