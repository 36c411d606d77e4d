import { readEnrichedLibrary } from '@savepoint/core/contracts/enriched-library.ts';
import { chunksOf, collect } from '../../support/bytes.ts';
import { gameOf, importOn, type LibraryDatabase, openLibraryDatabase, rowOf } from './library-rows.ts';

/** What is told of games and apps beside what they are: by several files, of before and after. */

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
afterEach(() => database.empty());
afterAll(() => database.close());

const told = {
  rating: 80.5,
  ratingCount: 10,
  themes: ['Action', 'Horror'],
  developers: ['One', 'Two'],
  timeToBeatNormallySeconds: 36_000,
};
const row = (
  learntAt: number,
  game: Partial<ReturnType<typeof gameOf>>,
  app: Parameters<typeof rowOf>[1] = {},
) => rowOf(1, { game: gameOf(1, game), learntAt, ...app });
const ofGame = () =>
  database.query(
    'select rating, rating_count, themes, developers, time_to_beat_normally_seconds as hours from games',
  );
const ofApp = () =>
  database.query(
    'select content_descriptors, deck_compatibility, review_percent, review_count from steam_apps',
  );
const stored = {
  rating: 80.5,
  rating_count: 10,
  themes: ['Action', 'Horror'],
  developers: ['One', 'Two'],
  hours: 36_000,
};

test('a file of before, which lacks the columns, loads and erases nothing', async () => {
  const app = {
    contentDescriptors: [3],
    deckCompatibility: 'playable',
    reviewPercent: 71.5,
    reviewCount: 9,
  } as const;
  await database.load({ importId: importOn(1), rows: [row(1_000, told, app)] });
  const header =
    'appid,name,playtime_forever,igdb_id,igdb_slug,igdb_name,classification,match_status,learnt_at';
  const file = `${header}\n1,Name 1,60,1,game-1,Game 1,game,MATCHED,2000\n`;
  const [batch] = await collect(readEnrichedLibrary(chunksOf(file)));
  await database.load({ importId: importOn(2), rows: batch!.rows });
  expect(await ofGame()).toEqual([stored]);
  expect(await ofApp()).toEqual([
    { content_descriptors: [3], deck_compatibility: 'playable', review_percent: 71.5, review_count: 9 },
  ]);
});

test('the fact that was learnt last wins, whatever comes last; a list replaces the one before', async () => {
  await database.load({ importId: importOn(1), rows: [row(2_000, told)] });
  const earlier = { ...told, rating: 10, themes: ['Kids'], developers: null };
  await database.load({ importId: importOn(2, '76561197960287931'), rows: [row(1_000, earlier)] });
  expect(await ofGame()).toEqual([stored]);
  await database.load({
    importId: importOn(3),
    rows: [row(3_000, { ...told, rating: 81, themes: ['Horror'] })],
  });
  expect(await ofGame()).toEqual([{ ...stored, rating: 81, themes: ['Horror'] }]);
});

test('the same again, lists and fractions included, writes nothing', async () => {
  const app = { contentDescriptors: [2, 5], reviewPercent: 97.13, reviewCount: 5 };
  const rows = [row(1_000, { ...told, rating: 80.13, websites: ['https://a.example/?q={"x"}'] }, app)];
  await database.load({ importId: importOn(1), rows });
  const versions = () =>
    database.query(
      "select 'game' as of, xmin::text from games union all select 'app', xmin::text from steam_apps",
    );
  const before = await versions();
  expect(await database.load({ importId: importOn(2), rows })).toMatchObject({ changed: 0, unchanged: 1 });
  expect(await versions()).toEqual(before);
});

test('an app that is told to have no content descriptors loses those that it had', async () => {
  await database.load({ importId: importOn(1), rows: [row(1_000, {}, { contentDescriptors: [1] })] });
  await database.load({ importId: importOn(2), rows: [row(1_000, {}, { contentDescriptors: null })] });
  expect(await ofApp()).toMatchObject([{ content_descriptors: [1] }]);
  await database.load({ importId: importOn(3), rows: [row(1_000, {}, { contentDescriptors: [] })] });
  expect(await ofApp()).toMatchObject([{ content_descriptors: [] }]);
});
