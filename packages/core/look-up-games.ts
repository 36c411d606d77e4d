import {
  type IgdbCatalogue,
  type IgdbGame,
  namesPerRequest,
  searchesPerRequest,
  uidsPerRequest,
} from './igdb-game.ts';
import { type Match, unmatchedReasons } from './match.ts';
import { pickGame } from './match-game.ts';
import { titleKey } from './normalise-title.ts';
import { readTitles } from './title-readings.ts';
import { searchTitle, spellTitle } from './title-spellings.ts';

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
  const resolve = (app: AppToLookUp, match: Match) => {
    pending.delete(app.appId);
    onResolved(app.appId, match);
  };
  const ask = (batches: AppToLookUp[][], request: (batch: AppToLookUp[]) => Promise<void>) =>
    inTurn(batches, openRequests, shouldStop, async (batch) => {
      await request(batch);
      onProgress?.({ resolved: total - pending.size, total });
    });
  const rejectedByUid = new Map<number, number[]>();

  await ask(chunk([...pending.values()], uidsPerRequest), async (batch) => {
    const candidates = await igdb.findGamesBySteamAppId(batch.map(({ appId }) => appId));
    for (const app of batch) {
      const match = pickGame(app, candidates.get(app.appId) ?? [], 'uid');
      if (match.status === 'MATCHED') resolve(app, match);
      else if (isNameless(app)) resolve(app, { ...match, reason: unmatchedReasons.noName });
      else rejectedByUid.set(app.appId, match.rejectedIds);
    }
  });
  if (shouldStop()) return;

  await ask(batchBySpellings([...pending.values()]), async (batch) => {
    const names = [...new Set(batch.flatMap(({ name }) => spellTitle(name)))];
    const bearers = indexByTitle(await igdb.findGamesByName(names));
    for (const app of batch) {
      const match = pickGame(app, bearersOf(app, bearers), 'name');
      if (match.status === 'MATCHED' || match.reason === unmatchedReasons.ambiguous)
        resolve(app, withRejected(match, rejectedByUid.get(app.appId)));
    }
  });
  if (shouldStop()) return;

  await ask(chunk([...pending.values()], searchesPerRequest), async (batch) => {
    const results = await igdb.searchGames(batch.map(({ name }) => searchTitle(name)));
    batch.forEach((app, index) => {
      const match = pickGame(app, results[index] ?? [], 'search');
      resolve(app, withRejected(match, rejectedByUid.get(app.appId)));
    });
  });
}

/** Steam leaves names out; the raw row then says `App 220`, which is nothing to look for. */
const isNameless = ({ appId, name }: AppToLookUp): boolean =>
  name.trim() === '' || name.trim() === `App ${appId}`;

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

function withRejected(match: Match, rejectedByUid: readonly number[] = []): Match {
  const matchedId = match.status === 'MATCHED' ? match.game.igdbId : undefined;
  const rejectedIds = [...new Set([...rejectedByUid, ...match.rejectedIds])];
  return { ...match, rejectedIds: rejectedIds.filter((id) => id !== matchedId).sort((a, b) => a - b) };
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
