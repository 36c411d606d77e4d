import {
  accountOwning,
  type Catalogue,
  type SteamAccount,
  sampleCatalogue,
} from '@savepoint/simulators/start-simulators.ts';

/** Six people with 20 to 60 apps of every kind; what they share is what loads quarrel about. */

const sizes = [20, 28, 36, 44, 52, 60];
const firstSteamId = 76561202255210001n;

let made: { catalogue: Catalogue; accounts: SteamAccount[] } | undefined;

export function people(): { catalogue: Catalogue; accounts: SteamAccount[] } {
  made ??= makePeople();
  return made;
}

function makePeople() {
  const catalogue = sampleCatalogue();
  // Every 37th app: games, tools, demos, soundtracks and names that IGDB has not. Half of them everybody owns.
  const spread = catalogue.apps.filter((_, index) => index % 13 === 5);
  const accounts = sizes.map((size, index) => {
    const own = spread.slice(30 + index * 10, 30 + index * 10 + size - Math.floor(size / 2));
    return accountOwning({ steamId: String(firstSteamId + BigInt(index)) }, [
      ...spread.slice(0, Math.floor(size / 2)),
      ...own,
    ]);
  });
  return { catalogue, accounts };
}
