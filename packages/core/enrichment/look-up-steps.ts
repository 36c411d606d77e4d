import { IgdbApiError } from '../errors.ts';
import {
  type IgdbCatalogue,
  type IgdbGame,
  namesakesPerRequest,
  namesPerRequest,
  otherCasesPerRequest,
  uidsPerRequest,
} from '../matching/igdb-game.ts';
import { type Match, unmatchedReasons } from '../matching/match.ts';
import { pickGame } from '../matching/match-game.ts';
import { titleKey } from '../matching/normalise-title.ts';
import { namesAgree, pickNamesake } from '../matching/pick-namesake.ts';
import { readTitles } from '../matching/title-readings.ts';
import { isToldBySlug, slugsOf } from '../matching/title-slugs.ts';
import { searchTitle, spellTitle, spellWholeTitle } from '../matching/title-spellings.ts';

/** The rounds of a look-up; a round's steps are asked at the same time, each its own questions about its own apps. */

export type AppToLookUp = { appId: number; name: string };

/** `certain`: no later step can find better. */
export type Answer = { app: AppToLookUp; match: Match; certain: boolean };
export type StepName = 'uid' | 'namesake' | 'name' | 'other_case' | 'search';
export type Step = {
  name: StepName;
  batch(apps: readonly AppToLookUp[]): AppToLookUp[][];
  ask(apps: readonly AppToLookUp[]): Promise<Answer[]>;
};

/** @param earlier what the rounds before found of each app. */
export function roundsOf(igdb: IgdbCatalogue, earlier: ReadonlyMap<number, Match>): Step[][] {
  const hasGameOfUid = ({ appId }: AppToLookUp) => earlier.get(appId)?.status === 'MATCHED';
  return [
    [{ name: 'uid', batch: (apps) => chunk(apps, uidsPerRequest), ask: (apps) => askByUid(apps, igdb) }],
    [
      {
        name: 'namesake',
        batch: (apps) => batchByNames(apps.filter(hasGameOfUid), spellWholeTitle, namesakesPerRequest),
        ask: (apps) => askForNamesakes(apps, igdb, earlier),
      },
      {
        name: 'name',
        batch: (apps) =>
          batchByNames(
            apps.filter((app) => !hasGameOfUid(app)),
            spellTitle,
            namesPerRequest,
          ),
        ask: (apps) => askByName(apps, igdb),
      },
    ],
    [
      {
        name: 'other_case',
        batch: (apps) => batchByNames(apps.filter(isToldFully), titlesOf, otherCasesPerRequest),
        ask: (apps) => askByOtherCase(apps, igdb),
      },
      {
        name: 'search',
        batch: (apps) =>
          chunk(
            apps.filter((app) => !isToldFully(app)),
            searchesPerBatch,
          ),
        ask: (apps) => askBySearch(apps, igdb),
      },
    ],
  ];
}

const isToldFully = ({ name }: AppToLookUp): boolean => isToldBySlug(name);
const titlesOf = (name: string): string[] => readTitles(name).map(({ title }) => title);
/** Each is a question of its own. */
const searchesPerBatch = 10;

async function askByUid(apps: readonly AppToLookUp[], igdb: IgdbCatalogue): Promise<Answer[]> {
  const candidates = await igdb.findGamesBySteamAppId(apps.map(({ appId }) => appId));
  return apps.map((app) => {
    const match = pickGame(app, candidates.get(app.appId) ?? [], 'uid');
    if (match.status === 'MATCHED')
      return { app, match, certain: isNameless(app) || namesAgree(app.name, match.game) };
    if (!isNameless(app)) return { app, match, certain: false };
    return { app, match: { ...match, reason: unmatchedReasons.noName }, certain: true };
  });
}

async function askForNamesakes(
  apps: readonly AppToLookUp[],
  igdb: IgdbCatalogue,
  earlier: ReadonlyMap<number, Match>,
): Promise<Answer[]> {
  const names = [...new Set(apps.flatMap(({ name }) => spellWholeTitle(name)))];
  const games = await igdb.findNamesakes(names);
  return apps.flatMap((app): Answer[] => {
    const byUid = earlier.get(app.appId);
    return byUid?.status === 'MATCHED'
      ? [{ app, match: pickNamesake(app.name, byUid, games), certain: true }]
      : [];
  });
}

async function askByName(apps: readonly AppToLookUp[], igdb: IgdbCatalogue): Promise<Answer[]> {
  const names = [...new Set(apps.flatMap(({ name }) => spellTitle(name)))];
  const slugs = [...new Set(apps.flatMap(({ name }) => slugsOf(name)))];
  const bearers = indexByTitle(await igdb.findGamesByName(names, slugs));
  return apps.map((app) => {
    const match = pickGame(app, bearersOf(app, bearers), 'name');
    // A search would find the same games of one name again.
    return { app, match, certain: match.status === 'MATCHED' || match.reason === unmatchedReasons.ambiguous };
  });
}

/** The last step for a name of which a slug says everything. A search finds as much, should IGDB not take these questions. */
async function askByOtherCase(apps: readonly AppToLookUp[], igdb: IgdbCatalogue): Promise<Answer[]> {
  const names = [...new Set(apps.flatMap(({ name }) => titlesOf(name)))];
  const games = await igdb.findGamesByOtherCase(names).catch((error: unknown) => {
    if (error instanceof IgdbApiError && error.code === 'IGDB_QUERY_REFUSED') return null;
    throw error;
  });
  if (games === null) return askBySearch(apps, igdb);
  const bearers = indexByTitle(games);
  return apps.map((app) => ({ app, match: pickGame(app, bearersOf(app, bearers), 'name'), certain: true }));
}

async function askBySearch(apps: readonly AppToLookUp[], igdb: IgdbCatalogue): Promise<Answer[]> {
  const results = await igdb.searchGames(apps.map(({ name }) => searchTitle(name)));
  return apps.map((app, index) => ({
    app,
    match: pickGame(app, results[index] ?? [], 'search'),
    certain: true,
  }));
}

/** Steam leaves names out. */
const isNameless = ({ name }: AppToLookUp): boolean => name.trim() === '';

/** As many apps a batch as their spellings fit into one request; an app's spellings are never parted. */
function batchByNames(
  apps: readonly AppToLookUp[],
  spell: (name: string) => string[],
  namesPerBatch: number,
): AppToLookUp[][] {
  const batches: AppToLookUp[][] = [];
  let free = 0;
  for (const app of apps) {
    const { length } = spell(app.name);
    if (batches.length === 0 || length > free) {
      batches.push([]);
      free = namesPerBatch;
    }
    batches.at(-1)!.push(app);
    free -= length;
  }
  return batches;
}

function indexByTitle(games: readonly IgdbGame[]): Map<string, IgdbGame[]> {
  const index = new Map<string, IgdbGame[]>();
  for (const game of games)
    for (const key of new Set([game.name, ...(game.alternativeNames ?? [])].map(titleKey)))
      index.set(key, [...(index.get(key) ?? []), game]);
  return index;
}

const bearersOf = ({ name }: AppToLookUp, index: ReadonlyMap<string, IgdbGame[]>): IgdbGame[] =>
  readTitles(name).flatMap(({ title }) => index.get(titleKey(title)) ?? []);

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
