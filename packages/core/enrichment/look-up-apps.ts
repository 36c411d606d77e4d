import { type App, type Evidence, needsMatch } from '../classification/app-evidence.ts';
import { type IgdbCatalogue, type IgdbGame, idsPerRequest } from '../matching/igdb-game.ts';
import type { AppKnowledge } from '../contracts/checkpoint.ts';
import type { Match } from '../matching/match.ts';
import type { AppTypes } from './app-types.ts';
import { pinnedMatch } from './enrich-row.ts';
import { lookUpGames } from './look-up-games.ts';
import type { LookupMemory } from './lookup-memory.ts';
import type { Refusal } from './refused-step.ts';
import { createSplitBudget, splitToCulprit } from './split-to-culprit.ts';

export type LookUpPorts = AppTypes & {
  igdb: IgdbCatalogue;
  memory: LookupMemory;
  /** Milliseconds since 1970. */
  now(): number;
};

/** A look-up as the invocation sees it that it runs in. */
export type LookUpRun = {
  /** True when the invocation must come to its end. */
  shouldStop(): boolean;
  /** Tells of a step of which IGDB refused questions. */
  onRefusal(refusal: Refusal): void;
};

/**
 * Completes the evidence of the apps that it lacks: Steam's types first, then IGDB's games for those that are
 * games. What is found stays in `evidence` when a later request fails.
 * @param run `onResolved` is called for each app.
 * @throws IgdbApiError
 */
export async function lookUpApps(
  apps: readonly App[],
  evidence: Evidence,
  ports: LookUpPorts,
  { shouldStop, onResolved, onRefusal }: LookUpRun & { onResolved(): void },
): Promise<void> {
  await learnSteamTypes(apps, evidence, ports);
  await pinGames(apps, evidence, ports);
  const found: number[] = [];
  await lookUpGames(
    apps
      .filter((app) => needsMatch(app, evidence.of(app.appId)))
      .map(({ appId, name }) => ({ appId, name: name ?? '' })),
    ports.igdb,
    {
      shouldStop,
      onRefusal,
      onResolved: (appId, match) => {
        learn({ ...knownOf(evidence, appId), match, learntAt: nowSeconds(ports) }, evidence, ports);
        found.push(appId);
        onResolved();
      },
    },
  );
  if (!shouldStop()) await learnTimes(found, apps, evidence, ports);
}

const nowSeconds = ({ now }: LookUpPorts): number => Math.floor(now() / 1000);

const knownOf = (evidence: Evidence, appId: number): Omit<AppKnowledge, 'decided'> =>
  evidence.of(appId).knowledge ?? {
    appId,
    steamType: null,
    storeAnswered: false,
    store: null,
    match: null,
    learntAt: null,
  };

function learn(knowledge: Omit<AppKnowledge, 'decided'>, evidence: Evidence, { memory }: LookUpPorts): void {
  memory.remember(evidence.learn(knowledge));
}

/** Asks the store again where it was silent, whatever else is known of the app. */
async function learnSteamTypes(apps: readonly App[], evidence: Evidence, ports: LookUpPorts): Promise<void> {
  const open = apps
    .map(({ appId }) => knownOf(evidence, appId))
    .filter(({ storeAnswered }) => !storeAnswered);
  if (open.length === 0) return;
  const { typeByAppId, factsByAppId, unansweredAppIds } = await ports.getAppTypes(
    open.map(({ appId }) => appId),
  );
  for (const knowledge of open) {
    const { appId } = knowledge;
    const storeAnswered = !unansweredAppIds.has(appId);
    const steamType = typeByAppId.get(appId) ?? null;
    // A silent store makes what is known of the app no newer.
    const learntAt = storeAnswered ? nowSeconds(ports) : (knowledge.learntAt ?? nowSeconds(ports));
    const store = factsByAppId.get(appId) ?? null;
    learn({ ...knowledge, steamType, storeAnswered, store, learntAt }, evidence, ports);
  }
}

/** How long those games take that were found now, or are pinned: one question for many, and none for what is known. */
async function learnTimes(
  found: readonly number[],
  apps: readonly App[],
  evidence: Evidence,
  ports: LookUpPorts,
): Promise<void> {
  const pinned = apps.flatMap(({ appId }) => (evidence.of(appId).pinned ? [appId] : []));
  const gameOf = (match: Match | null | undefined) => (match?.status === 'MATCHED' ? match.game : undefined);
  const games = [
    ...found.flatMap((appId) => gameOf(evidence.of(appId).knowledge?.match) ?? []),
    ...pinned.flatMap((appId) => gameOf(evidence.of(appId).pinned) ?? []),
  ];
  const igdbIds = [...new Set(games.map(({ igdbId }) => igdbId))];
  if (igdbIds.length === 0) return;
  const times = await ports.igdb.findTimesToBeat(igdbIds);
  const timed = (match: Match): Match =>
    match.status === 'MATCHED'
      ? { ...match, game: { ...match.game, ...times.get(match.game.igdbId) } }
      : match;
  if (times.size === 0) return;
  for (const appId of found) {
    const { knowledge } = evidence.of(appId);
    if (knowledge?.match) learn({ ...knowledge, match: timed(knowledge.match) }, evidence, ports);
  }
  for (const appId of pinned) evidence.pin(appId, timed(evidence.of(appId).pinned!));
}

async function pinGames(apps: readonly App[], evidence: Evidence, ports: LookUpPorts): Promise<void> {
  const pins = apps.flatMap(({ appId }) => {
    const override = evidence.of(appId).override;
    return typeof override?.igdbId === 'number' ? [{ override, igdbId: override.igdbId }] : [];
  });
  const igdbIds = [...new Set(pins.map(({ igdbId }) => igdbId))];
  /** Null where IGDB refuses the id. */
  const games = new Map<number, IgdbGame | null>();
  const budget = createSplitBudget();
  const ask = async (ids: readonly number[]) => {
    for (const game of await ports.igdb.findGamesById(ids)) games.set(game.igdbId, game);
  };
  for (let at = 0; at < igdbIds.length; at += idsPerRequest)
    await splitToCulprit(igdbIds.slice(at, at + idsPerRequest), ask, {
      probe: () => ports.igdb.findGamesById([harmlessIgdbId]),
      onCulprit: (igdbId) => games.set(igdbId, null),
      onRefused: (ids) => {
        for (const igdbId of ids) games.set(igdbId, null);
      },
      budget,
    });
  for (const { override, igdbId } of pins) {
    evidence.pin(override.appId, pinnedMatch(override, games.get(igdbId)));
    evidence.learn({ ...knownOf(evidence, override.appId), learntAt: nowSeconds(ports) });
  }
}

/** Of no game. */
const harmlessIgdbId = 2_147_483_647;
