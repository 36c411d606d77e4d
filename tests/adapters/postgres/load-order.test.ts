import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import fc from 'fast-check';
import { applyInOrder, readContents } from './library-model.ts';
import { gameOf, type LibraryDatabase, type Loaded, openLibraryDatabase, rowOf } from './library-rows.ts';

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
afterAll(() => database.close());

const genre = fc.oneof(
  fc.record({
    id: fc.integer({ min: 1, max: 3 }),
    name: fc.constantFrom('Shooter', 'Puzzle', 'Racing', 'Quiz'),
  }),
  fc.record({ id: fc.constant(null), name: fc.constantFrom('Zen', 'Cosy') }),
);
/** No genre twice in one game, as IGDB gives them. */
const game = fc
  .record({
    igdbId: fc.integer({ min: 1, max: 4 }),
    name: fc.constantFrom('Portal', 'Portal™', 'Portal (2007)'),
    genres: fc.uniqueArray(genre, { minLength: 1, maxLength: 3, selector: ({ id, name }) => id ?? name }),
  })
  .map(({ igdbId, name, genres }) => gameOf(igdbId, { name, genres }));
const row: fc.Arbitrary<EnrichedRow> = fc
  .record({
    appId: fc.integer({ min: 1, max: 6 }),
    name: fc.constantFrom('One', 'Two', null),
    playtimeMinutes: fc.constantFrom(0, 0, 1, 2, null),
    playtimeWindowsMinutes: fc.constantFrom(0, null),
    lastPlayedAt: fc.constantFrom(1_600_000_000, 1_700_000_000, null),
    matchStatus: fc.constantFrom('MATCHED', 'UNMATCHED', 'PENDING', 'IGNORED'),
    game,
  } as const)
  .map(({ appId, matchStatus, game, ...rest }) =>
    rowOf(appId, {
      ...rest,
      matchStatus,
      classification: matchStatus === 'IGNORED' ? 'demo' : 'game',
      game: matchStatus === 'MATCHED' ? game : null,
    }),
  );
const people = ['76561197960287930', '76561197960287931'];
/** No two moments alike, since what was learnt at the same time may come first or last. */
const days = ['2026-01-01', '20260102', '20260103T000000000Z', '2026-01-04T05:06:07', '20260105', 'backup'];
const libraryOf = (days: fc.Arbitrary<string>): fc.Arbitrary<Loaded> =>
  fc
    .record({
      importId: fc.tuple(fc.constantFrom(...people), days).map((parts) => parts.join('-')),
      rows: fc.uniqueArray(row, { maxLength: 5, selector: ({ appId }) => appId }),
      rejected: fc.constantFrom(0, 0, 0, 1),
      learntAt: fc.option(fc.integer({ min: 170_000_000, max: 179_000_000 })),
    })
    .map(({ rows, learntAt, ...rest }) => ({ ...rest, rows: rows.map((each) => ({ ...each, learntAt })) }));
/** No two of them learnt in the same second. */
const learntApart = (each: Loaded, index: number): Loaded => ({
  ...each,
  rows: each.rows.map((row) => ({ ...row, learntAt: row.learntAt && row.learntAt * 10 + index })),
});
const library = libraryOf(fc.constantFrom(...days));
/** Different imports in any order of arrival, some of them twice or more often. */
const arrivals = fc
  .uniqueArray(library, {
    minLength: 1,
    maxLength: 6,
    selector: ({ importId }) => importId.slice(18),
  })
  .map((imports) => imports.map(learntApart))
  .chain((imports) =>
    fc
      .array(fc.constantFrom(...imports), { maxLength: 4 })
      .chain((again) =>
        fc.shuffledSubarray([...imports, ...again], { minLength: imports.length + again.length }),
      ),
  );

test('whatever the order of arrival, the result is that of the order in time', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, async (imports) => {
      await database.empty();
      for (const each of imports) await database.load(each);
      expect(await readContents(database)).toEqual(applyInOrder(imports));
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('nor does it matter that two connections load at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, async (imports) => {
      await database.empty();
      const waiting = [...imports];
      await Promise.all(
        database.connections.map(async (connection) => {
          for (let next = waiting.shift(); next; next = waiting.shift())
            await database.load(next, connection);
        }),
      );
      expect(await readContents(database)).toEqual(applyInOrder(imports));
    }),
    { numRuns: 25 },
  );
}, 120_000);

test('every row of an import counts as new, changed or unchanged, and the same import again as unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, libraryOf(fc.constant('20260106')), async (imports, last) => {
      await database.empty();
      for (const each of imports) await database.load(each);
      const first = await database.load(last);
      expect(first.new + first.changed + first.unchanged).toBe(last.rows.length);
      expect(first.imported_count + first.skipped_count).toBe(last.rows.length + (last.rejected ?? 0));
      const before = await database.query('select xmin, ctid, * from imports order by import_id');
      const second = await database.load(last);
      expect(second).toMatchObject({ new: 0, changed: 0, unchanged: last.rows.length, gone: 0 });
      expect(await database.query('select xmin, ctid, * from imports order by import_id')).toEqual(before);
    }),
    { numRuns: 25 },
  );
}, 120_000);
