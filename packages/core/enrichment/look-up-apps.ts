import { type App, type Evidence, needsMatch } from '../classification/app-evidence.ts';
import { type IgdbCatalogue, type IgdbGame, idsPerRequest } from '../matching/igdb-game.ts';
import { pinnedMatch } from './enrich-row.ts';
import { lookUpGames } from './look-up-games.ts';
import type { LookupMemory } from './lookup-memory.ts';

export type LookUpPorts = {
  /** Steam's type numbers; apps that its store did not answer for are absent. */
  getAppTypes(appIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
  igdb: IgdbCatalogue;
  memory: LookupMemory;
};

/**
 * Completes the evidence of the apps that it lacks: Steam's types first, then IGDB's games for those that are
 * games. What is found stays in `evidence` when a later request fails.
 * @param shouldStop true when the invocation must come to its end. @param onResolved called for each app.
 * @throws IgdbApiError
 */
export async function lookUpApps(
  apps: readonly App[],
  evidence: Evidence,
  ports: LookUpPorts,
  { shouldStop, onResolved }: { shouldStop(): boolean; onResolved(): void },
): Promise<void> {
  await learnSteamTypes(apps, evidence, ports);
  await pinGames(apps, evidence, ports.igdb);
  await lookUpGames(
    apps
      .filter((app) => needsMatch(app, evidence.of(app.appId)))
      .map(({ appId, name }) => ({ appId, name: name ?? '' })),
    ports.igdb,
    {
      shouldStop,
      onResolved: (appId, match) => {
        const knowledge = { appId, steamType: evidence.of(appId).knowledge?.steamType ?? null, match };
        evidence.learn(knowledge);
        ports.memory.remember(knowledge);
        onResolved();
      },
    },
  );
}

async function learnSteamTypes(
  apps: readonly App[],
  evidence: Evidence,
  { getAppTypes, memory }: LookUpPorts,
): Promise<void> {
  const unknown = apps
    .map(({ appId }) => appId)
    .filter((appId) => evidence.of(appId).knowledge === undefined);
  const types = await getAppTypes(unknown);
  for (const appId of unknown) {
    const knowledge = { appId, steamType: types.get(appId) ?? null, match: null };
    evidence.learn(knowledge);
    if (knowledge.steamType !== null) memory.remember(knowledge);
  }
}

async function pinGames(apps: readonly App[], evidence: Evidence, igdb: IgdbCatalogue): Promise<void> {
  const pins = apps.flatMap(({ appId }) => {
    const override = evidence.of(appId).override;
    return typeof override?.igdbId === 'number' ? [{ override, igdbId: override.igdbId }] : [];
  });
  const igdbIds = [...new Set(pins.map(({ igdbId }) => igdbId))];
  const games = new Map<number, IgdbGame>();
  for (let at = 0; at < igdbIds.length; at += idsPerRequest)
    for (const game of await igdb.findGamesById(igdbIds.slice(at, at + idsPerRequest)))
      games.set(game.igdbId, game);
  for (const { override, igdbId } of pins)
    evidence.pin(override.appId, pinnedMatch(override, games.get(igdbId)));
}
