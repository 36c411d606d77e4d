import { gameOf, type LibraryDatabase, openLibraryDatabase, rowOf } from './library-rows.ts';

/** Genres and platforms of a game that an import tells late, after another one has heard them again. */

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.empty());

const shooter = { id: 5, name: 'Shooter' };
const puzzle = { id: 9, name: 'Puzzle' };
const genres = () => database.column('select genres from library order by app_id, steam_id limit 1');

let people = 0;
/** An import of somebody else each time, whose games were learnt on that day. */
async function load(day: number, told: { id: number; name: string }[] | null) {
  people += 1;
  const learntAt = Date.UTC(2026, 0, day) / 1000;
  const game = gameOf(620, { genres: told, platforms: told && [{ id: 6, name: 'PC' }] });
  await database.load({
    importId: `${76561197960287930n + BigInt(people)}-2026-02-01`,
    rows: [rowOf(620, { learntAt, game })],
  });
}

test('what was learnt before they were heard again takes none away and adds none', async () => {
  await load(1, [shooter]);
  // Finds them so, and writes nothing but that.
  await load(20, [shooter]);
  await load(10, [puzzle]);
  expect(await genres()).toEqual([['Shooter']]);
});

test('what was learnt after that replaces them', async () => {
  await load(1, [shooter]);
  await load(20, [shooter]);
  await load(21, [puzzle]);
  expect(await genres()).toEqual([['Puzzle']]);
});

test('what was learnt before still fills what nobody told', async () => {
  await load(1, null);
  await load(20, null);
  await load(10, [puzzle]);
  expect(await genres()).toEqual([['Puzzle']]);
});
