import type { IgdbApiError } from '../errors.ts';
import type { IgdbCatalogue } from '../matching/igdb-game.ts';
import { type Match, unmatchedReasons } from '../matching/match.ts';
import { hearNames } from './candidate-names.ts';
import { type Answer, type AppToLookUp, roundsOf } from './look-up-steps.ts';
import { createRefusedStep, type Refusal } from './refused-step.ts';
import { createSplitBudget, splitToCulprit } from './split-to-culprit.ts';

export type LookUpOptions = {
  /** Called once for each app, as soon as its answer is certain: what was reported need not be asked again. */
  onResolved: (appId: number, match: Match) => void;
  /** Called for each step of which IGDB refused questions, once it is over. */
  onRefusal?: (refusal: Refusal) => void;
  /** Asked before each request; once true, no further one is sent and the rest stays unreported. */
  shouldStop?: () => boolean;
};

/** The catalogue puts them together and paces them. */
const questionsAtOnce = 40;

/**
 * Finds each app's game: by uid, then by name, then by names in other letters or by a search, each round for what the
 * one before left. Where IGDB calls the game of the uid otherwise, a namesake is asked for. An app that is given twice is
 * looked up once; one whose name or uid IGDB does not take is PENDING, and so are those of a step that it does not take:
 * what a later step says of them might be wrong, and what an earlier one said stands.
 * @throws what the catalogue throws, after the requests in flight have been heard.
 */
export async function lookUpGames(
  apps: readonly AppToLookUp[],
  igdb: IgdbCatalogue,
  { onResolved, onRefusal = () => undefined, shouldStop = () => false }: LookUpOptions,
): Promise<void> {
  const pending = new Map(apps.map((app) => [app.appId, app]));
  const earlier = new Map<number, Match>();
  const heard = hearNames(igdb);
  const budget = createSplitBudget();
  const take = ({ app, match, certain }: Answer) => {
    const combined = withEarlier(match, earlier.get(app.appId));
    earlier.set(app.appId, combined);
    if (!certain) return;
    pending.delete(app.appId);
    onResolved(app.appId, heard.withNames(combined));
  };
  for (const steps of roundsOf(heard.igdb, earlier)) {
    if (shouldStop()) return;
    const asked = steps.map((step) => ({ ...step, refused: createRefusedStep(step.name, earlier) }));
    const questions = asked.flatMap(({ batch, ask, refused }) => {
      const options = {
        probe: once(() => ask([harmlessApp])),
        onCulprit: (app: AppToLookUp, error: IgdbApiError) => refused.refuseApp(app, error).forEach(take),
        onRefused: (some: readonly AppToLookUp[], error: IgdbApiError) =>
          refused.refuse(some, error).forEach(take),
        budget,
      };
      return batch([...pending.values()]).map((some) => ({ some, ask, refused, options }));
    });
    await inTurn(questions, questionsAtOnce, shouldStop, async ({ some, ask, refused, options }) => {
      const refusedBy = refused.refusedBy();
      if (refusedBy) options.onRefused(some, refusedBy);
      else await splitToCulprit(some, async (part) => (await ask(part)).forEach(take), options);
    });
    for (const { refused } of asked) {
      const refusal = refused.refusal();
      if (refusal) onRefusal(refusal);
    }
  }
}

/** Neither its uid nor its name can be a reason for IGDB to refuse a question. */
const harmlessApp: AppToLookUp = { appId: 2_147_483_647, name: 'No game' };

/** All who come ask together, once. */
function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
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
