import {
  type IgdbCatalogue,
  type IgdbGame,
  namesakesPerRequest,
  namesPerRequest,
  searchesPerRequest,
  uidsPerRequest,
} from '../matching/igdb-game.ts';
import { type Match, unmatchedReasons } from '../matching/match.ts';
import { pickGame } from '../matching/match-game.ts';
import { titleKey } from '../matching/normalise-title.ts';
import { namesAgree, pickNamesake } from '../matching/pick-namesake.ts';
import { readTitles } from '../matching/title-readings.ts';
import { searchTitle, spellTitle, spellWholeTitle } from '../matching/title-spellings.ts';

/** The steps of a look-up, each with the questions that it asks of IGDB. */

export type AppToLookUp = { appId: number; name: string };

/** `certain`: no later step can find better. */
export type Answer = { app: AppToLookUp; match: Match; certain: boolean };
export type StepName = 'uid' | 'namesake' | 'name' | 'search';
export type Step = {
  name: StepName;
  batch(apps: readonly AppToLookUp[]): AppToLookUp[][];
  ask(apps: readonly AppToLookUp[]): Promise<Answer[]>;
};

/** @param earlier what the steps before found of each app. */
export const stepsOf = (igdb: IgdbCatalogue, earlier: ReadonlyMap<number, Match>): Step[] => [
  {
    name: 'uid',
    batch: (apps) => chunk(apps, uidsPerRequest),
    ask: (apps) => askByUid(apps, igdb),
  },
  {
    name: 'namesake',
    batch: (apps) =>
      batchByNames(
        apps.filter(({ appId }) => earlier.get(appId)?.status === 'MATCHED'),
        spellWholeTitle,
        namesakesPerRequest,
      ),
    ask: (apps) => askForNamesakes(apps, igdb, earlier),
  },
  {
    name: 'name',
    batch: (apps) => batchByNames(apps, spellTitle, namesPerRequest),
    ask: (apps) => askByName(apps, igdb),
  },
  {
    name: 'search',
    batch: (apps) => chunk(apps, searchesPerRequest),
    ask: (apps) => askBySearch(apps, igdb),
  },
];

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
  const bearers = indexByTitle(await igdb.findGamesByName(names));
  return apps.map((app) => {
    const match = pickGame(app, bearersOf(app, bearers), 'name');
    // A search would find the same games of one name again.
    return { app, match, certain: match.status === 'MATCHED' || match.reason === unmatchedReasons.ambiguous };
  });
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
