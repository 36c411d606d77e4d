import { type Catalogue, syntheticCatalogue } from '@savepoint/simulators/start-simulators.ts';

export const knownByUid = (apps: number): Catalogue =>
  syntheticCatalogue({ apps, knownByUid: 1, knownByName: 0 });

/** IGDB knows 85 % by uid and 5 % by name alone; half of the rest are no games. */
export const mixed = (apps: number): Catalogue => syntheticCatalogue({ apps });

export const thirdWithoutUid = (apps: number): Catalogue =>
  syntheticCatalogue({ apps, knownByUid: 2 / 3, knownByName: 0.05 });

/** IGDB has a third of the apps by uid; the others it writes otherwise, by capitals or signs, or not at all. */
export function badlyLinked(apps: number): Catalogue {
  const catalogue = syntheticCatalogue({ apps, knownByUid: 0.34, knownByName: 0.46 });
  const writtenOtherwise = [
    (name: string) => name.toUpperCase(),
    (name: string) => name.replace(' ', '-'),
    (name: string) => `${name.replace(' ', ': ')}!`,
  ];
  const linked = new Set(catalogue.externalGames.map(({ game }) => game));
  const games = catalogue.games.map((game, index) =>
    linked.has(game.id)
      ? game
      : { ...game, name: writtenOtherwise[index % writtenOtherwise.length]!(game.name) },
  );
  return { ...catalogue, games };
}
