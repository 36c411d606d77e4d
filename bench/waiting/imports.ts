import { accountOwning, syntheticCatalogue } from '@savepoint/simulators/start-simulators.ts';
import { igdbRequests, importAll, withSimulators, withStack } from './stack-under-load.ts';

export type ImportCost = { seconds: number; requests: number };

const catalogueApps = 5000;

/** A person each, with apps that overlap with those of others as libraries do. */
export function people(count: number, appsEach: number) {
  const catalogue = syntheticCatalogue({ apps: catalogueApps });
  // Free ones are listed only when they were played.
  const owned = catalogue.apps.filter(({ free }) => !free);
  const accounts = Array.from({ length: count }, (_, index) => {
    const from = (index * 89) % (owned.length - appsEach);
    return accountOwning(
      { steamId: String(76561202255100001n + BigInt(index)) },
      owned.slice(from, from + appsEach),
    );
  });
  return { catalogue, accounts };
}

/** All libraries posted at once to a stack that has not imported anything yet. */
export const measureFirstImports = (libraries: number, appsEach: number): Promise<ImportCost> => {
  const world = people(libraries, appsEach);
  return withSimulators(world, (simulators, dataDir) =>
    withStack(simulators, dataDir, async (stack) => {
      const seconds = await importAll(
        stack,
        world.accounts.map(({ steamId }) => steamId),
      );
      return { seconds, requests: igdbRequests(simulators) };
    }),
  );
};

/**
 * A library that one stack has imported, and another person's of the same apps, each by a stack of its own on the same
 * storage: it knows what the bucket tells it.
 */
export function measureKnownImports(apps: number): Promise<{ same: ImportCost; other: ImportCost }> {
  const { catalogue, accounts } = people(1, apps);
  const [first] = accounts;
  const second = { ...first!, steamId: '76561202255199999' };
  return withSimulators({ catalogue, accounts: [first!, second] }, async (simulators, dataDir) => {
    const measure = (steamId: string) =>
      withStack(simulators, dataDir, async (stack): Promise<ImportCost> => {
        const before = igdbRequests(simulators);
        const seconds = await importAll(stack, [steamId]);
        return { seconds, requests: igdbRequests(simulators) - before };
      });
    await measure(first!.steamId);
    return { same: await measure(first!.steamId), other: await measure(second.steamId) };
  });
}
