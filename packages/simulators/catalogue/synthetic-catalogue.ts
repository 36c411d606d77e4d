import { assembleCatalogue } from './assemble-catalogue.ts';
import type { Catalogue, CatalogueEntry, GameFacts } from './catalogue.ts';
import { adjectives, nouns, subtitles } from './title-words.ts';

export type SyntheticOptions = {
  apps: number;
  /** Share of the apps whose appid IGDB has. Default 0.85. */
  knownByUid?: number;
  /** Share of the apps that IGDB has by name alone. Default 0.05; it knows nothing of the rest. */
  knownByName?: number;
};

/** Above every appid and IGDB id in use, and within a PostgreSQL integer. */
const firstAppid = 50_000_000;
const firstGameId = 10_000_000;
const firstEditionId = 20_000_000;
const goldenRatio = 0.618_033_988_749_894_9;
const genrePairs = [[5], [12, 31], [9, 32], [8, 32], [15], [13, 32], [31, 34], [10, 14], [25, 33], [16, 24]];
const platformSets = [[6], [3, 6, 14], [6, 48, 49], [6, 130], [6, 48, 49, 130, 167, 169]];
const nonGames = [
  { suffix: ' Playtest', type: 12 },
  { suffix: ' Demo', type: 1 },
  { suffix: ' Soundtrack', type: 11 },
  { suffix: ' Dedicated Server', type: 13 },
];

/** `index` below 36,864 gives every combination once. */
function title(index: number): string {
  const adjective = index % adjectives.length;
  const rest = Math.floor(index / adjectives.length);
  const noun = (rest + adjective * 7) % nouns.length;
  const round = Math.floor(rest / nouns.length);
  if (round > subtitles.length) throw new RangeError('A synthetic catalogue has at most 36,864 apps.');
  return `${adjectives[adjective]} ${nouns[noun]}${round > 0 ? `: ${subtitles[round - 1]}` : ''}`;
}

const slugOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

function gameFacts(index: number, name: string): GameFacts {
  const day = Date.UTC(2005, 0, 1) + (index % 7300) * 86_400_000;
  return {
    id: firstGameId + index,
    name,
    slug: slugOf(name),
    genres: genrePairs[index % genrePairs.length]!,
    platforms: platformSets[index % platformSets.length]!,
    ...(index % 23 !== 0 && { released: new Date(day).toISOString().slice(0, 10) }),
    ...(index % 9 !== 0 && { cover: `co${(index + 46_656).toString(36)}` }),
  };
}

/** An edition or a DLC that IGDB keeps under the same uid. */
function companion(index: number, game: GameFacts): GameFacts[] {
  const id = firstEditionId + index;
  const named = (suffix: string) => ({
    name: `${game.name} - ${suffix}`,
    slug: slugOf(`${game.name} ${suffix}`),
  });
  if (index % 40 === 0) return [{ ...game, ...named('Deluxe Edition'), id, versionParent: game.id }];
  if (index % 60 === 1)
    return [{ ...game, ...named('Supporter Pack'), id, gameType: 1, parentGame: game.id }];
  return [];
}

/** Steam's spelling is not always IGDB's. */
function steamSpelling(index: number, name: string): string {
  if (index % 11 === 3) return `${name}™`;
  return index % 13 === 5 ? name.toUpperCase() : name;
}

function entry(index: number, knownByUid: number, knownByName: number): CatalogueEntry {
  const name = title(index);
  const appid = firstAppid + 10 * index;
  // Low-discrepancy, so that every stretch of the catalogue has nearly the shares asked for.
  const share = (index * goldenRatio) % 1;
  if (share >= knownByUid + knownByName) {
    const kind = index % 2 === 0 ? undefined : nonGames[(index >> 1) % nonGames.length]!;
    return kind ? { appid, name: name + kind.suffix, type: kind.type } : { appid, name, unvetted: true };
  }
  const igdb = gameFacts(index, name);
  if (share >= knownByUid) return { appid, name, igdb, link: 'name' };
  const free = index % 17 === 4;
  return { appid, name: steamSpelling(index, name), free, igdb, alsoLinked: companion(index, igdb) };
}

/** The same entries for the same options, always. @throws RangeError above 36,864 apps. */
export function syntheticEntries({
  apps,
  knownByUid = 0.85,
  knownByName = 0.05,
}: SyntheticOptions): CatalogueEntry[] {
  return Array.from({ length: apps }, (_, index) => entry(index, knownByUid, knownByName));
}

/** A catalogue of invented apps, for measuring. Deterministic. @throws RangeError above 36,864 apps. */
export const syntheticCatalogue = (options: SyntheticOptions): Catalogue =>
  assembleCatalogue(syntheticEntries(options));
