import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import fc from 'fast-check';
import { gameOf, importOn, type LibraryDatabase, openLibraryDatabase, rowOf } from './library-rows.ts';

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
beforeEach(() => database.empty());
afterAll(() => database.close());

type Fact = Partial<EnrichedRow>;
const demo = (classificationSource: string, change: Fact = {}): Fact => ({
  classification: 'demo',
  classificationSource,
  matchStatus: 'IGNORED',
  game: null,
  ...change,
});
const game = (
  classificationSource: string,
  matchMethod: string | null,
  igdbId: number,
  change: Fact = {},
): Fact => ({
  classification: 'game',
  classificationSource,
  matchStatus: 'MATCHED',
  matchMethod,
  game: gameOf(igdbId),
  ...change,
});
const nobody = { silentSources: ['steam', 'igdb'] };
const steamSilent = { silentSources: ['steam'] };
const igdbSilent = { silentSources: ['igdb'] };
/** Steam calls it a game, and its name is not told. */
const untoldClass: Fact = {
  classification: null,
  classificationSource: null,
  matchStatus: 'UNMATCHED',
  game: null,
  silentSources: ['steam'],
};
const pending = (classificationSource: string, change: Fact = {}): Fact => ({
  classification: 'game',
  classificationSource,
  matchStatus: 'PENDING',
  game: null,
  ...change,
});

/** Loads an import a fact, each a day after the one before, in the order given by days. */
async function load(facts: readonly (readonly [day: number, fact: Fact])[]): Promise<void> {
  for (const [day, fact] of facts)
    await database.load({ importId: importOn(day), rows: [rowOf(1, { name: 'App', ...fact })] });
}
const stored = async () =>
  (
    await database.query(`select classification, classification_source as source, match_status as status, igdb_id
      from steam_apps left join games on games.id = game_id`)
  )[0];
const isDemo = (source: string) => ({ classification: 'demo', source, status: 'IGNORED', igdb_id: null });
const isGame = (
  source: string,
  igdb_id: number | null,
  status = igdb_id === null ? 'PENDING' : 'MATCHED',
) => ({
  classification: 'game',
  source,
  status,
  igdb_id,
});

test.each<[string, readonly [number, Fact][], object]>([
  [
    'a store that is silent leaves its type to no name rule',
    [
      [1, demo('steam')],
      [2, game('name', 'name', 7, steamSilent)],
    ],
    isDemo('steam'),
  ],
  [
    'nor to the type of an IGDB game',
    [
      [1, game('steam', 'uid', 7)],
      [2, demo('igdb', steamSilent)],
    ],
    isGame('steam', 7),
  ],
  [
    'the type that comes late replaces what was guessed in its silence',
    [
      [2, game('name', 'name', 7, steamSilent)],
      [1, demo('steam')],
    ],
    isDemo('steam'),
  ],
  [
    'a store that answered takes back its word',
    [
      [1, demo('steam')],
      [2, game('name', 'name', 7)],
    ],
    isGame('name', 7),
  ],
  [
    'and what it took back does not come again',
    [
      [2, game('name', 'name', 7)],
      [1, demo('steam')],
    ],
    isGame('name', 7),
  ],
  ...([1, 2] as const).map((named): [string, [number, Fact][], object] => [
    `what a name says stands while another import, ${named === 1 ? 'later' : 'earlier'}, has no name`,
    [
      [named, demo('name')],
      [3 - named, { ...untoldClass, name: null }],
    ],
    isDemo('name'),
  ]),
  [
    'the store corrects itself',
    [
      [1, demo('steam')],
      [2, game('steam', 'uid', 7)],
    ],
    isGame('steam', 7),
  ],
  [
    'a search replaces no uid while IGDB fails',
    [
      [1, game('steam', 'uid', 7)],
      [2, game('steam', 'search', 8, igdbSilent)],
    ],
    isGame('steam', 7),
  ],
  [
    'but it does when IGDB answered',
    [
      [1, game('steam', 'uid', 7)],
      [2, game('steam', 'search', 8)],
    ],
    isGame('steam', 8),
  ],
  [
    'IGDB takes its match back',
    [
      [1, game('steam', 'uid', 7)],
      [2, { ...pending('steam'), matchStatus: 'UNMATCHED' }],
    ],
    isGame('steam', null, 'UNMATCHED'),
  ],
  [
    'an app that was not looked up keeps its match',
    [
      [1, game('steam', 'uid', 7)],
      [2, pending('steam', igdbSilent)],
    ],
    isGame('steam', 7),
  ],
  [
    'a match waits for nothing stronger where there is none',
    [
      [1, pending('name', nobody)],
      [2, game('name', 'search', 8, nobody)],
    ],
    isGame('name', 8),
  ],
  [
    'the store makes a game of what a rule took for a demo',
    [
      [1, demo('name', steamSilent)],
      [2, pending('steam', igdbSilent)],
    ],
    isGame('steam', null),
  ],
  [
    'an override wins',
    [
      [1, game('steam', 'uid', 7)],
      [2, game('override', 'override', 9)],
    ],
    isGame('override', 9),
  ],
  [
    'an override that was removed goes',
    [
      [1, game('override', 'override', 9)],
      [2, game('steam', 'search', 8)],
    ],
    isGame('steam', 8),
  ],
  [
    'even while all others are silent',
    [
      [1, game('override', 'override', 9)],
      [2, pending('name', nobody)],
    ],
    isGame('name', null),
  ],
  [
    'an override that makes a demo of a game, too',
    [
      [1, demo('override')],
      [2, pending('name', nobody)],
    ],
    isGame('name', null),
  ],
  [
    'not while it could not be read',
    [
      [1, demo('override')],
      [2, game('steam', 'uid', 7, { silentSources: ['override'] })],
    ],
    isDemo('override'),
  ],
  [
    'nor while its game could not be fetched',
    [
      [1, game('override', 'override', 9)],
      [2, pending('override', igdbSilent)],
    ],
    isGame('override', 9),
  ],
  [
    'an untold classification says nothing',
    [
      [1, demo('steam')],
      [2, { classification: null, matchStatus: 'PENDING', game: null }],
    ],
    isDemo('steam'),
  ],
])('%s', async (_name, facts, expected) => {
  await load(facts);
  expect(await stored()).toEqual(expected);
  await load(facts.toReversed());
  expect(await stored()).toEqual(expected);
});

const weak = fc.constantFrom(
  game('name', 'search', 8, steamSilent),
  game('name', 'name', 7, steamSilent),
  pending('name', nobody),
  game('igdb', 'uid', 7, steamSilent),
);
const factsOf = <Last>(last: fc.Arbitrary<Last>) =>
  fc.tuple(fc.array(fc.oneof(fc.constant(demo('steam')), weak), { minLength: 1, maxLength: 5 }), last);
const inAnyOrder = (facts: readonly Fact[]) => {
  const dated = facts.map((fact, index) => [index + 1, fact] as const);
  return fc.shuffledSubarray([...dated, ...dated], { minLength: dated.length * 2 });
};

test('whatever the order, what Steam said is never lost to its silence', async () => {
  await fc.assert(
    fc.asyncProperty(
      factsOf(fc.constant(null)).chain(([facts]) => inAnyOrder([...facts, demo('steam')])),
      async (arrivals) => {
        await database.empty();
        await load(arrivals);
        expect(await stored()).toEqual(isDemo('steam'));
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

test('whatever the order, a last fact for which all answered is what holds', async () => {
  const last = game('name', 'search', 9);
  await fc.assert(
    fc.asyncProperty(
      factsOf(fc.constant(last)).chain(([facts]) => inAnyOrder([...facts, last])),
      async (arrivals) => {
        await database.empty();
        await load(arrivals);
        expect(await stored()).toEqual(isGame('name', 9));
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);
