/**
 * How well apps without a uid row find their game, on real names: hides the uid rows of a fifth of the games, and
 * of every fiftieth game hides the game itself, so that every match for it is wrong. With `--uids` instead: all rows
 * that IGDB itself has, and every twenty-fifth of them names another game.
 * `node bench/matching.ts --games igdb-sample.jsonl --apps app-types.csv [--fifth 0…4 | --uids] [--list]`
 */
import { partFromJson } from '@savepoint/core/contracts/columns.ts';
import { enrichedColumns } from '@savepoint/core/contracts/enriched-library.ts';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Papa from 'papaparse';
import { lookUpGames } from '@savepoint/core/enrichment/look-up-games.ts';
import type { Match } from '@savepoint/core/matching/match-game.ts';
import type { IgdbCatalogue, IgdbGame } from '@savepoint/core/matching/igdb-game.ts';
import { normaliseTitle } from '@savepoint/core/matching/normalise-title.ts';

type SampleGame = {
  igdb_id: number;
  name: string;
  steam: number[];
  /** `igdb`: the Steam id is IGDB's own; `name`: whoever made the sample found it by name. */
  match: 'igdb' | 'name';
  first_release_date: number | null;
  platforms: string[];
};
type LabelledApp = { appid: string; name: string; type: string };
type Case = { appId: number; name: string; truth: number | null; origin: SampleGame['match'] | 'misplaced' };

const { values } = parseArgs({
  options: {
    games: { type: 'string' },
    apps: { type: 'string' },
    fifth: { type: 'string' },
    uids: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
if (values.games === undefined || values.apps === undefined) {
  console.error(
    'Usage: node bench/matching.ts --games <igdb.jsonl> --apps <apps.csv> [--fifth 0…4 | --uids] [--list]',
  );
  process.exit(2);
}

const sample = readFileSync(values.games, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line): SampleGame => JSON.parse(line));
const apps = Papa.parse<LabelledApp>(readFileSync(values.apps, 'utf8'), {
  header: true,
  skipEmptyLines: true,
}).data;

const platformIds = new Map([
  ['Linux', 3],
  ['PC (Microsoft Windows)', 6],
  ['DOS', 13],
  ['Mac', 14],
  ['SteamVR', 163],
]);
const otherPlatformId = 48;

/** As IGDB's addresses are made. */
const slugOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[\u0300-\u036f']/g, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const untoldGame = partFromJson(enrichedColumns, 'game', () => undefined)!;
const toGame = (game: SampleGame): IgdbGame => ({
  ...untoldGame,
  igdbId: game.igdb_id,
  slug: slugOf(game.name),
  name: game.name,
  summary: null,
  releaseDate:
    game.first_release_date === null
      ? null
      : new Date(game.first_release_date * 1000).toISOString().slice(0, 10),
  coverImageId: null,
  genres: [],
  platforms: game.platforms.map((name) => ({ id: platformIds.get(name) ?? otherPlatformId, name })),
  gameType: 0,
  parentGameId: null,
  versionParentId: null,
  updatedAt: null,
});

/** IGDB as it is asked: names letter by letter, and a search that wants every word and ranks by id. */
function createCatalogue(games: readonly IgdbGame[], uids: ReadonlyMap<number, readonly IgdbGame[]>) {
  const requests = { uid: 0, namesake: 0, name: 0, otherCase: 0, search: 0 };
  const byName = Map.groupBy(games, ({ name }) => name);
  const bySlug = Map.groupBy(games, ({ slug }) => slug);
  const words = games.map((game) => ({ game, words: new Set(normaliseTitle(game.name).split(' ')) }));
  const igdb: IgdbCatalogue = {
    findGamesBySteamAppId: async (appIds) => {
      requests.uid += 1;
      return new Map(
        appIds.flatMap((appId) => (uids.has(appId) ? [[appId, uids.get(appId)!] as const] : [])),
      );
    },
    findTimesToBeat: async () => new Map(),
    findGamesById: async (ids) => games.filter(({ igdbId }) => ids.includes(igdbId)),
    findGamesByName: async (names, slugs) => {
      requests.name += 2;
      return [
        ...names.flatMap((name) => byName.get(name) ?? []),
        ...slugs.flatMap((slug) => bySlug.get(slug) ?? []),
      ];
    },
    findGamesByOtherCase: async () => {
      requests.otherCase += 1;
      return [];
    },
    findNamesakes: async (names) => {
      requests.namesake += 1;
      return names.flatMap((name) => byName.get(name) ?? []);
    },
    searchGames: async (titles) => {
      requests.search += 1;
      return titles.map((title) => {
        const wanted = normaliseTitle(title).split(' ');
        const hits = words.filter((entry) => wanted.every((word) => entry.words.has(word)));
        return hits.map(({ game }) => game).slice(0, 10);
      });
    },
  };
  return { igdb, requests };
}

/** Every Steam app that the sample does not know is a game of that name too, so that names collide as they do. */
function distractors(known: ReadonlySet<number>): IgdbGame[] {
  return apps
    .filter(({ appid, type }) => type === 'game' && !known.has(Number(appid)))
    .map(({ appid, name }) =>
      toGame({
        igdb_id: 1_000_000_000 + Number(appid),
        name: name.replace(/[™®©]/g, '').trim(),
        steam: [],
        match: 'name',
        first_release_date: null,
        platforms: ['PC (Microsoft Windows)'],
      }),
    );
}

const steamNames = new Map(apps.map(({ appid, name, type }) => [Number(appid), { name, type }]));

/** The apps of a game that Steam calls games. */
const casesOf = (game: SampleGame, truth: number | null, origin: Case['origin']): Case[] =>
  game.steam.flatMap((appId) => {
    const app = steamNames.get(appId);
    return app?.type === 'game' ? [{ appId, name: app.name, truth, origin }] : [];
  });

async function lookUp(
  cases: readonly Case[],
  games: readonly IgdbGame[],
  uids: ReadonlyMap<number, readonly IgdbGame[]>,
) {
  const everything = [...games, ...distractors(new Set(sample.flatMap(({ steam }) => steam)))];
  const { igdb, requests } = createCatalogue(everything, uids);
  const matches = new Map<number, Match>();
  await lookUpGames(cases, igdb, { onResolved: (appId, match) => matches.set(appId, match) });
  return { cases, matches, requests };
}

async function measureWithoutUids(fifth: number) {
  const absent = new Set(sample.filter((_, index) => index % 50 === fifth * 5).map(({ igdb_id }) => igdb_id));
  const hidden = sample.filter((game, index) => index % 5 === fifth || absent.has(game.igdb_id));
  const cases = hidden.flatMap((game) =>
    casesOf(game, absent.has(game.igdb_id) ? null : game.igdb_id, game.match),
  );
  const present = sample.filter(({ igdb_id }) => !absent.has(igdb_id)).map(toGame);
  const byId = new Map(present.map((game) => [game.igdbId, game]));
  const uids = new Map(
    sample
      .filter((game) => !hidden.includes(game))
      .flatMap((game) => game.steam.map((appId) => [appId, [byId.get(game.igdb_id)!]] as const)),
  );
  return lookUp(cases, present, uids);
}

async function measureWithUids() {
  const linked = sample.filter(({ match }) => match === 'igdb');
  const uids = new Map<number, IgdbGame[]>();
  const cases = linked.flatMap((game, index) => {
    const isMisplaced = index % 25 === 0;
    const named = isMisplaced ? linked[(index + 1) % linked.length]! : game;
    for (const appId of game.steam) uids.set(appId, [toGame(named)]);
    return casesOf(game, game.igdb_id, isMisplaced ? 'misplaced' : 'igdb');
  });
  return lookUp(cases, sample.map(toGame), uids);
}

const fifths = values.fifth === undefined ? [0, 1, 2, 3, 4] : [Number(values.fifth)];
const runs = values.uids
  ? [{ run: 'uids', measure: measureWithUids }]
  : fifths.map((fifth) => ({ run: `fifth ${fifth}`, measure: () => measureWithoutUids(fifth) }));
const rows = [];
for (const { run, measure } of runs) {
  const { cases, matches, requests } = await measure();
  for (const origin of [...new Set(cases.map((item) => item.origin)), 'all'] as const) {
    const some = cases.filter((item) => origin === 'all' || item.origin === origin);
    const matched = some.filter(({ appId }) => matches.get(appId)?.status === 'MATCHED');
    const idOf = (appId: number) => {
      const match = matches.get(appId);
      return match?.status === 'MATCHED' ? match.game.igdbId : null;
    };
    const right = matched.filter(({ appId, truth }) => idOf(appId) === truth);
    const findable = some.filter(({ truth }) => truth !== null);
    rows.push({
      run,
      'link from': origin,
      apps: some.length,
      precision: `${((100 * right.length) / matched.length).toFixed(2)} %`,
      recall: `${((100 * right.length) / findable.length).toFixed(2)} %`,
      wrong: matched.length - right.length,
      ...(origin === 'all' ? { requests: Object.values(requests).join(' + ') } : {}),
    });
    if (values.list && origin === 'all')
      for (const { appId, name, truth } of some) {
        const found = matches.get(appId);
        if (idOf(appId) === truth) continue;
        const wanted = sample.find(({ igdb_id }) => igdb_id === truth)?.name ?? 'nothing';
        const got = found?.status === 'MATCHED' ? `${found.game.name} (${found.method})` : found?.reason;
        console.log(`${appId} ${name}: wanted ${wanted}, got ${got}`);
      }
  }
}
console.table(rows);
