import { pickGame } from '../matching/match-game.ts';
import {
  type IgdbCatalogue,
  type IgdbGame,
  namesPerRequest,
  searchesPerRequest,
  uidsPerRequest,
} from '../matching/igdb-game.ts';
import { type Match, unmatchedReasons } from '../matching/match.ts';
import { titleKey } from '../matching/normalise-title.ts';
import { readTitles } from '../matching/title-readings.ts';
import { searchTitle, spellTitle } from '../matching/title-spellings.ts';

export type AppToLookUp = { appId: number; name: string };

export type LookUpOptions = {
  /** Called once for each app, as soon as its answer is certain: what was reported need not be asked again. */
  onResolved: (appId: number, match: Match) => void;
  onProgress?: (progress: { resolved: number; total: number }) => void;
  /** Asked before each request; once true, no further one is sent and the rest stays unreported. */
  shouldStop?: () => boolean;
  /** Requests in flight at once; the catalogue paces them. */
  openRequests?: number;
};

/**
 * Finds each app's game: by uid in batches, then by name in batches, then by searches in bundles, each step for
 * what the one before left. An app that is given twice is looked up once.
 * @throws what the catalogue throws, after the requests in flight have been heard.
 */
export async function lookUpGames(
  apps: readonly AppToLookUp[],
  igdb: IgdbCatalogue,
  { onResolved, onProgress, shouldStop = () => false, openRequests = 4 }: LookUpOptions,
): Promise<void> {
  const pending = new Map(apps.map((app) => [app.appId, app]));
  const total = pending.size;
  const earlier = new Map<number, Match>();
  const steps: { batch: typeof batchByUid; ask: typeof askByUid }[] = [
    { batch: batchByUid, ask: askByUid },
    { batch: batchBySpellings, ask: askByName },
    { batch: batchBySearch, ask: askBySearch },
  ];
  for (const { batch, ask } of steps) {
    if (shouldStop()) return;
    await inTurn(batch([...pending.values()]), openRequests, shouldStop, async (some) => {
      for (const { app, match, certain } of await ask(some, igdb)) {
        const combined = withEarlier(match, earlier.get(app.appId));
        earlier.set(app.appId, combined);
        if (!certain) continue;
        pending.delete(app.appId);
        onResolved(app.appId, combined);
      }
      onProgress?.({ resolved: total - pending.size, total });
    });
  }
}

/** `certain`: no later step can find better. */
type Answer = { app: AppToLookUp; match: Match; certain: boolean };

const batchByUid = (apps: readonly AppToLookUp[]): AppToLookUp[][] => chunk(apps, uidsPerRequest);
const batchBySearch = (apps: readonly AppToLookUp[]): AppToLookUp[][] => chunk(apps, searchesPerRequest);

async function askByUid(apps: readonly AppToLookUp[], igdb: IgdbCatalogue): Promise<Answer[]> {
  const candidates = await igdb.findGamesBySteamAppId(apps.map(({ appId }) => appId));
  return apps.map((app) => {
    const match = pickGame(app, candidates.get(app.appId) ?? [], 'uid');
    if (match.status === 'MATCHED') return { app, match, certain: true };
    if (!isNameless(app)) return { app, match, certain: false };
    return { app, match: { ...match, reason: unmatchedReasons.noName }, certain: true };
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
function batchBySpellings(apps: readonly AppToLookUp[]): AppToLookUp[][] {
  const batches: AppToLookUp[][] = [];
  let free = 0;
  for (const app of apps) {
    const { length } = spellTitle(app.name);
    if (batches.length === 0 || length > free) {
      batches.push([]);
      free = namesPerRequest;
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

/** With the candidates that an earlier step rejected, and its reason where this step had nothing to judge. */
function withEarlier(match: Match, earlier: Match | undefined): Match {
  if (earlier === undefined) return match;
  const matchedId = match.status === 'MATCHED' ? match.game.igdbId : undefined;
  const rejectedIds = [...new Set([...earlier.rejectedIds, ...match.rejectedIds])]
    .filter((igdbId) => igdbId !== matchedId)
    .sort((a, b) => a - b);
  const reason = match.reason === unmatchedReasons.noCandidate ? earlier.reason : match.reason;
  return { ...match, reason, rejectedIds };
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Works through the batches, `width` at a time. A failure stops further batches, not those under way. */
async function inTurn<Item>(
  batches: readonly Item[],
  width: number,
  shouldStop: () => boolean,
  work: (batch: Item) => Promise<void>,
): Promise<void> {
  const queue = batches.values();
  const failures: unknown[] = [];
  const worker = async () => {
    while (failures.length === 0 && !shouldStop()) {
      const { value, done } = queue.next();
      if (done) return;
      await work(value).catch((thrown: unknown) => failures.push(thrown));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failures.length > 0) throw failures[0];
}
