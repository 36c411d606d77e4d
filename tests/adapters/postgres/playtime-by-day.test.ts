import fc from 'fast-check';
import { importOn, type LibraryDatabase, openLibraryDatabase, rowOf } from './library-rows.ts';

/** Whatever imports tell and in whatever order they arrive, each minute is counted once and none is invented. */

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
afterAll(() => database.close());

/** Minutes by app; null where the row does not say. An app that is not there is not in the library. */
type Import = { day: number; minutes: [appId: number, minutes: number | null][] };

const minutes = fc.constantFrom(null, 0, 0, 10, 20, 30, 40, 50);
const one: fc.Arbitrary<Import> = fc.record({
  day: fc.integer({ min: 1, max: 6 }),
  minutes: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 3 }), minutes), {
    minLength: 1,
    maxLength: 3,
    selector: ([appId]) => appId,
  }),
});
/** In the order of their arrival; a day's import may come again, as it was. */
const history = fc
  .array(one, { minLength: 1, maxLength: 8 })
  .map((imports) => imports.map(({ day }) => imports.find((each) => each.day === day)!));

/** What the minutes come to: above the most that was told before, by what no later import tells otherwise. */
function countMinutes(arrived: readonly Import[]): Map<number, number> {
  const counted = new Map<number, number>();
  const marks = new Map<number, number>();
  const toldOn = new Map<number, number>();
  for (const { day, minutes } of arrived) {
    const isWithheld = minutes.every(([, told]) => !told);
    for (const [appId, told] of minutes) {
      if (told === null || isWithheld || (toldOn.get(appId) ?? 0) > day) continue;
      toldOn.set(appId, day);
      const mark = marks.get(appId);
      if (mark !== undefined && told > mark) counted.set(appId, (counted.get(appId) ?? 0) + told - mark);
      marks.set(appId, Math.max(mark ?? 0, told));
    }
  }
  return counted;
}

test('the minutes of all days are those that rose above the most that was told before', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (arrived) => {
      await database.empty();
      let played = 0;
      for (const { day, minutes } of arrived) {
        const rows = minutes.map(([appId, playtimeMinutes]) =>
          rowOf(appId, {
            playtimeMinutes,
            playtimeWindowsMinutes: null,
            playtimeMacMinutes: null,
            playtimeLinuxMinutes: null,
            playtimeDeckMinutes: null,
            playtimeDisconnectedMinutes: null,
          }),
        );
        played += (await database.load({ importId: importOn(day), rows })).minutes_played;
      }
      const stored = await database.query(
        'select app_id, sum(minutes)::int as minutes from playtime_by_day group by app_id order by app_id',
      );
      const counted = countMinutes(arrived);
      expect(stored).toEqual(
        [...counted].toSorted(([a], [b]) => a - b).map(([app_id, minutes]) => ({ app_id, minutes })),
      );
      expect(played).toBe([...counted.values()].reduce((sum, minutes) => sum + minutes, 0));
      const days = await database.column(`select to_char(day, 'DD')::int from playtime_by_day`);
      expect(days.every((day) => arrived.some((each) => each.day === day))).toBe(true);
    }),
    { numRuns: 60 },
  );
});
