import { realEntries } from '@savepoint/simulators/catalogue/sample-catalogue.ts';
import {
  type Catalogue,
  sampleAccounts,
  sampleCatalogue,
  syntheticCatalogue,
} from '@savepoint/simulators/start-simulators.ts';
import { makeSampleAccounts } from '@savepoint/simulators/steam-accounts.ts';

const entryOf = (appid: number) => realEntries().find((entry) => entry.appid === appid);
const rowsFor = (catalogue: Catalogue, appid: number) =>
  catalogue.externalGames.filter((row) => row.uid === String(appid));

test('has at least 150 real apps, each once, with well-formed IGDB facts', () => {
  const entries = realEntries();
  expect(entries.length).toBeGreaterThan(150);
  expect(new Set(entries.map((entry) => entry.appid)).size).toBe(entries.length);
  for (const { igdb } of entries) {
    if (!igdb) continue;
    expect(igdb.slug).toMatch(/^[a-z0-9-]+$/);
    if (igdb.released) expect(new Date(igdb.released).toISOString().slice(0, 10)).toBe(igdb.released);
  }
});

test('has every id once, and names every genre, platform and game that it refers to', () => {
  const catalogue = sampleCatalogue();
  const { games, externalGames, alternativeNames, apps } = catalogue;
  for (const ids of [
    games.map(({ id }) => id),
    externalGames.map(({ id }) => id),
    apps.map(({ appid }) => appid),
  ]) {
    expect(new Set(ids).size).toBe(ids.length);
  }
  expect(new Set(games.map(({ slug }) => slug)).size).toBe(games.length);
  const known = new Set(games.map(({ id }) => id));
  const referred = [...externalGames, ...alternativeNames].flatMap(({ game }) => game ?? []);
  const parents = games.flatMap(({ parent_game, version_parent }) =>
    [parent_game ?? [], version_parent ?? []].flat(),
  );
  expect([...referred, ...parents].filter((id) => !known.has(id))).toEqual([]);
  expect(games.filter(({ summary }) => summary.includes('undefined'))).toEqual([]);
});

test.each([['tools, demos, software, videos, soundtracks and betas', [13, 1, 6, 7, 11, 12]]])(
  'has %s',
  (_case, types) => {
    const held = new Set(realEntries().map((entry) => entry.type));
    expect(types.filter((type) => !held.has(type))).toEqual([]);
  },
);

test('spells names with commas, quotes, marks and other scripts as Steam does', () => {
  const names = realEntries().map((entry) => entry.name);
  for (const pattern of [/,/, /"/, /™/, /®/, /\p{Script=Han}/u, /\p{Script=Katakana}/u, / - Multiplayer$/]) {
    expect(names.some((name) => pattern.test(name))).toBe(true);
  }
});

test.each([
  [499520, 'The Turing Test'],
  [457550, 'Bigscreen Beta'],
  [230050, 'DLC Quest'],
  [469600, 'Legion TD 2 - Multiplayer Tower Defense'],
  [397900, 'Business Tour - Board Game with Online Multiplayer'],
])('%d, %s, is a game by Steam', (appid, name) => {
  expect(sampleCatalogue().apps).toContainEqual(expect.objectContaining({ appid, name, type: 0 }));
});

test('has each way in which IGDB knows an app, or does not', () => {
  const catalogue = sampleCatalogue();
  const games = (appid: number) => rowsFor(catalogue, appid).map((row) => row.game);
  expect(games(620)).toEqual([72]);
  expect(games(271590)).toEqual(games(3240220));
  expect(games(4920)).toEqual([93808]);
  expect(games(55100)).toEqual([undefined]);
  expect(games(570780)).toEqual([]);
  expect([games(214340), entryOf(214340)?.igdb?.name]).toEqual([[], 'Deponia']);
  expect([games(489520), entryOf(489520)?.igdb?.name]).toEqual([[], 'Minion Masters']);
  expect(catalogue.alternativeNames.map(({ game }) => game)).toContain(27150);
});

test('generated titles are no real ones, nor one another', () => {
  const normalise = (name: string) =>
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const generated = syntheticCatalogue({ apps: 36_864 }).apps.map((app) => normalise(app.name));
  expect(new Set(generated).size).toBe(36_864);
  const real = new Set(
    realEntries().flatMap(({ name, igdb }) => [normalise(name), normalise(igdb?.name ?? name)]),
  );
  expect(generated.filter((name) => real.has(name))).toEqual([]);
  expect(() => syntheticCatalogue({ apps: 36_865 })).toThrow(RangeError);
});

test.each([
  [{ apps: 30_000, knownByUid: 0.85, knownByName: 0.05 }],
  [{ apps: 1000, knownByUid: 0.5, knownByName: 0.3 }],
])('%j is kept to, and comes out the same every time', (options) => {
  const catalogue = syntheticCatalogue(options);
  expect(syntheticCatalogue(options)).toEqual(catalogue);
  expect(catalogue.apps).toHaveLength(options.apps);
  const uids = new Set(catalogue.externalGames.map((row) => row.uid));
  const gameNames = new Set(catalogue.games.map((game) => game.name));
  const byName = catalogue.apps.filter((app) => !uids.has(String(app.appid)) && gameNames.has(app.name));
  expect(uids.size / options.apps).toBeCloseTo(options.knownByUid, 2);
  expect(byName.length / options.apps).toBeCloseTo(options.knownByName, 2);
  expect(catalogue.externalGames.length).toBeGreaterThan(uids.size);
  expect(catalogue.games.some((game) => game.version_parent !== undefined)).toBe(true);
  expect(catalogue.games.some((game) => game.parent_game !== undefined)).toBe(true);
});

test('sample accounts have valid ids of persons, and own what the catalogue has', () => {
  const appids = new Set(sampleCatalogue().apps.map((app) => app.appid));
  const accounts = makeSampleAccounts();
  expect(accounts.map((account) => account.steamId).sort()).toEqual(
    Object.values(sampleAccounts).map((account) => account.steamId),
  );
  for (const { steamId, ownedApps } of accounts) {
    expect(BigInt(steamId)).toBeGreaterThanOrEqual(76561197960265729n);
    expect(BigInt(steamId)).toBeLessThanOrEqual(76561202255233023n);
    expect(ownedApps.filter((owned) => !appids.has(owned.appid))).toEqual([]);
  }
});
