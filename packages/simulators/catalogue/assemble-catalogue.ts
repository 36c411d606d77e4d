import type { Catalogue, CatalogueEntry, ExternalGame, GameFacts, IgdbGame, SteamApp } from './catalogue.ts';
import { genreNames, platformNames } from './igdb-names.ts';

const steamSource = 1;

/** Unix seconds of a `YYYY-MM-DD`. */
const toUnixSeconds = (date: string): number => Date.parse(date) / 1000;

/** The APIs' rows for the entries. A game that several entries name is one row. */
export function assembleCatalogue(entries: readonly CatalogueEntry[]): Catalogue {
  const games = new Map<number, IgdbGame>();
  const externalGames: ExternalGame[] = [];
  const catalogue: Catalogue = {
    apps: entries.map(toSteamApp),
    games: [],
    externalGames,
    alternativeNames: [],
  };
  const addGame = (facts: GameFacts): void => {
    if (!games.has(facts.id)) games.set(facts.id, toIgdbGame(facts));
  };
  const link = (entry: CatalogueEntry, facts: GameFacts, game: number | undefined): void => {
    externalGames.push(toExternalGame(externalGames.length, entry.appid, facts, game));
  };
  for (const entry of entries) {
    for (const facts of entry.alsoLinked ?? []) {
      addGame(facts);
      link(entry, facts, facts.id);
    }
    if (!entry.igdb) continue;
    addGame(entry.igdb);
    const how = entry.link ?? 'uid';
    if (how === 'uid') link(entry, entry.igdb, entry.igdb.id);
    if (how === 'gameless') link(entry, entry.igdb, undefined);
    if (how === 'alternativeName') {
      const id = catalogue.alternativeNames.length + 1;
      catalogue.alternativeNames.push({ id, name: entry.name, game: entry.igdb.id });
    }
  }
  catalogue.games.push(...games.values());
  return catalogue;
}

const toSteamApp = (entry: CatalogueEntry): SteamApp => ({
  appid: entry.appid,
  name: entry.name,
  type: entry.type ?? 0,
  free: entry.free ?? false,
  unvetted: entry.unvetted ?? false,
  store: entry.store ?? 'listed',
});

function toIgdbGame(facts: GameFacts): IgdbGame {
  return {
    id: facts.id,
    name: facts.name,
    slug: facts.slug,
    summary: summarise(facts),
    game_type: facts.gameType ?? 0,
    genres: facts.genres,
    platforms: facts.platforms,
    updated_at: toUnixSeconds('2026-06-01') + (facts.id % 10_000_000),
    ...(facts.released && { first_release_date: toUnixSeconds(facts.released) }),
    ...(facts.cover && { cover: facts.cover }),
    ...(facts.parentGame && { parent_game: facts.parentGame }),
    ...(facts.versionParent && { version_parent: facts.versionParent }),
  };
}

/** A sentence of our own: IGDB's prose is not ours to copy. */
function summarise({ name, genres, platforms, released }: GameFacts): string {
  const label = (title: string, ids: readonly number[], names: Readonly<Record<number, string>>): string =>
    ids.length > 0 ? ` ${title}: ${ids.map((id) => names[id]).join(', ')}.` : '';
  const when = released ? `came out in ${released.slice(0, 4)}` : 'has no release date';
  return `${name} ${when}.${label('Genres', genres, genreNames)}${label('Platforms', platforms, platformNames)}`;
}

/** Ids are scattered, so that rows read without `sort id asc` come in no useful order. */
function toExternalGame(index: number, appid: number, facts: GameFacts, game?: number): ExternalGame {
  const address = `https://store.steampowered.com/app/${appid}`;
  return {
    id: 3_000_000 + ((index * 618_033) % 1_000_003),
    uid: String(appid),
    external_game_source: steamSource,
    name: facts.name,
    url: [address, `${address}/`, `${address}/${facts.slug}`][index % 3]!,
    ...(game !== undefined && { game }),
    ...(facts.released && { year: Number(facts.released.slice(0, 4)) }),
  };
}
