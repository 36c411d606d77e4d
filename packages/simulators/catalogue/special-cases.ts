import type { CatalogueEntry, GameFacts } from './catalogue.ts';

/** Real Steam apps that are not games, that IGDB does not know, or that look like what they are not. */

const globalOffensive: GameFacts = {
  id: 1372,
  name: 'Counter-Strike: Global Offensive',
  slug: 'counter-strike-global-offensive',
  released: '2012-08-21',
  genres: [5, 24],
  platforms: [3, 6, 9, 12, 14],
};

const americanWilds: GameFacts = {
  id: 119105,
  name: 'MudRunner: American Wilds Edition',
  slug: 'mudrunner-american-wilds-edition',
  released: '2018-10-23',
  genres: [10, 13],
  platforms: [6, 48, 49, 130],
  gameType: 3,
  versionParent: 54789,
};

const carPack: GameFacts = {
  id: 293442,
  name: 'Forza Horizon 5: European Automotive Car Pack',
  slug: 'forza-horizon-5-european-automotive-car-pack',
  released: '2024-02-13',
  genres: [10],
  platforms: [6, 49, 169],
  gameType: 1,
  parentGame: 141503,
};

const deluxeContent: GameFacts = {
  id: 93808,
  name: 'Natural Selection 2 - Deluxe DLC',
  slug: 'natural-selection-2-deluxe-dlc',
  released: '2012-10-31',
  genres: [5, 15, 32],
  platforms: [3, 6, 14],
  gameType: 1,
};

/** Further rows for the uids of apps that the catalogue of games has, by appid. */
export const furtherLinks: Readonly<Record<number, GameFacts[]>> = {
  730: [globalOffensive],
  675010: [americanWilds],
  1551360: [carPack],
};

const as = (type: number, apps: ReadonlyArray<readonly [appid: number, name: string]>): CatalogueEntry[] =>
  apps.map(([appid, name]) => ({ appid, name, type }));

const tools = as(13, [
  [228980, 'Steamworks Common Redistributables'],
  [1493710, 'Proton Experimental'],
  [1887720, 'Proton 7.0'],
  [1628350, 'Steam Linux Runtime 3.0 (sniper)'],
  [211, 'Source SDK'],
  [215, 'Source SDK Base 2006'],
  [629, 'Portal 2 Authoring Tools - Beta'],
  [740, 'Counter-Strike Global Offensive - Dedicated Server'],
  [4020, "Garry's Mod Dedicated Server"],
  [258550, 'Rust Dedicated Server'],
  [1110390, 'Unturned - Dedicated Server'],
  [830640, 'DayZ Tools'],
]);

const software = as(6, [
  [223850, '3DMark'],
  [431960, 'Wallpaper Engine'],
  [365670, 'Blender'],
  [1905180, 'OBS Studio'],
]);

const demos = as(1, [
  [219, 'Half-Life 2: Demo'],
  [452280, 'Factorio Demo'],
  [530620, 'Resident Evil 7 Teaser: Beginning Hour'],
  [830550, '妄想症 Deliver Me Demo'],
  [1168280, 'Resident Evil 2 "R.P.D. Demo"'],
]);

const otherKinds = [
  ...as(11, [
    [2459730, 'Nocturnal Soundtrack'],
    [2463670, 'Kobold Castle Soundtrack'],
  ]),
  ...as(12, [
    [1584640, 'NARAKA: BLADEPOINT Playtest'],
    [2933700, 'Hades II Playtest'],
    [1952120, 'Street Fighter™ 6 - Open Beta'],
  ]),
  ...as(7, [
    [347350, 'The Making of Grim Fandango Remastered'],
    [354500, 'PAYDAY: The Web Series'],
    [413850, 'CS:GO Player Profiles'],
  ]),
];

/** Steam calls these games; people count them with the game they belong to. */
const components = as(0, [
  [10190, 'Call of Duty: Modern Warfare 2 - Multiplayer'],
  [42690, 'Call of Duty: Modern Warfare 3 - Multiplayer'],
  [202990, 'Call of Duty: Black Ops II - Multiplayer'],
  [209170, 'Call of Duty: Ghosts - Multiplayer'],
  [209660, 'Call of Duty: Advanced Warfare - Multiplayer'],
  [2306740, 'METAL GEAR SOLID: MASTER COLLECTION Vol.1 BONUS CONTENT'],
]);

/** Games in spite of their names, or with names that are hard to write; IGDB has no row for their uids. */
const unknownGames: CatalogueEntry[] = [
  { appid: 499520, name: 'The Turing Test' },
  { appid: 457550, name: 'Bigscreen Beta', free: true },
  { appid: 230050, name: 'DLC Quest' },
  { appid: 469600, name: 'Legion TD 2 - Multiplayer Tower Defense' },
  { appid: 1238020, name: 'Mass Effect™ 3 N7 Digital Deluxe Edition (2012)' },
  { appid: 779640, name: '妄想症：Deliver Me', unvetted: true },
  { appid: 335420, name: 'ルナティックドーン 前途への道標', unvetted: true },
  { appid: 570780, name: '古剑奇谭(GuJian)' },
  { appid: 1868140, name: '潛水員戴夫 DAVE THE DIVER' },
  { appid: 283980, name: 'Spy Fox in "Dry Cereal"' },
  { appid: 388390, name: '"Glow Ball" - The billiard puzzle game', unvetted: true },
  { appid: 113400, name: 'APB Reloaded', free: true, store: 'gone' },
  { appid: 299740, name: 'Miscreated', store: 'nameless' },
];

/** Steam's second app for one IGDB game, and an app whose only row is a DLC. */
export const secondAppids: ReadonlyArray<{ entry: CatalogueEntry; sameGameAs: number }> = [
  { entry: { appid: 3240220, name: 'Grand Theft Auto V Enhanced' }, sameGameAs: 271590 },
  { entry: { appid: 1773500, name: 'Beholder 3 Playtest', type: 12 }, sameGameAs: 1570070 },
];

export const specialCases: readonly CatalogueEntry[] = [
  ...tools,
  ...software,
  ...demos,
  ...otherKinds,
  ...components,
  ...unknownGames,
  { appid: 4920, name: 'Natural Selection 2', alsoLinked: [deluxeContent] },
];
