import type { IgdbApiError } from '../errors.ts';
import type { IgdbCatalogue } from '../matching/igdb-game.ts';
import { type Match, unmatchedReasons } from '../matching/match.ts';
import { type Answer, type AppToLookUp, stepsOf } from './look-up-steps.ts';
import { createSplitBudget, splitToCulprit } from './split-to-culprit.ts';

export type LookUpOptions = {
  /** Called once for each app, as soon as its answer is certain: what was reported need not be asked again. */
  onResolved: (appId: number, match: Match) => void;
  /** Asked before each request; once true, no further one is sent and the rest stays unreported. */
  shouldStop?: () => boolean;
};

/** The catalogue paces them. */
const requestsAtOnce = 4;

/**
 * Finds each app's game: by uid in batches, then by name in batches, then by searches in bundles, each step for
 * what the one before left. Where IGDB calls the game of the uid otherwise, a namesake is asked for in between. An app
 * that is given twice is looked up once; one whose name or uid IGDB does not take is PENDING.
 * @throws what the catalogue throws, after the requests in flight have been heard.
 */
export async function lookUpGames(
  apps: readonly AppToLookUp[],
  igdb: IgdbCatalogue,
  { onResolved, shouldStop = () => false }: LookUpOptions,
): Promise<void> {
  const pending = new Map(apps.map((app) => [app.appId, app]));
  const earlier = new Map<number, Match>();
  const budget = createSplitBudget();
  const take = ({ app, match, certain }: Answer) => {
    const combined = withEarlier(match, earlier.get(app.appId));
    earlier.set(app.appId, combined);
    if (!certain) return;
    pending.delete(app.appId);
    onResolved(app.appId, combined);
  };
  for (const { batch, ask } of stepsOf(igdb, earlier)) {
    if (shouldStop()) return;
    await inTurn(batch([...pending.values()]), requestsAtOnce, shouldStop, async (some) => {
      await splitToCulprit(some, async (part) => (await ask(part)).forEach(take), {
        probe: () => ask([harmlessApp]),
        onCulprit: (app, error) => take(refused(app, error, earlier.get(app.appId))),
        budget,
      });
    });
  }
}

/** Neither its uid nor its name can be a reason for IGDB to refuse a question. */
const harmlessApp: AppToLookUp = { appId: 2_147_483_647, name: 'No game' };

/** What becomes of an app for which IGDB takes no question; the game of its uid stands, should there be one. */
function refused(app: AppToLookUp, { details }: IgdbApiError, earlier: Match | undefined): Answer {
  const how = `IGDB refuses to look for it (HTTP ${details.status}${details.title ? `: ${details.title}` : ''})`;
  const match: Match =
    earlier?.status === 'MATCHED'
      ? { ...earlier, reason: `${earlier.reason}; by name ${how}` }
      : { status: 'PENDING', reason: `${how}; it is asked again`, rejectedIds: [] };
  return { app, match, certain: true };
}

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
