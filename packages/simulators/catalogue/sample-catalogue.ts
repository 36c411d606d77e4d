import { readFileSync } from 'node:fs';
import { assembleCatalogue } from './assemble-catalogue.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import { furtherLinks, secondAppids, specialCases } from './special-cases.ts';
import { syntheticEntries } from './synthetic-catalogue.ts';

/** The largest sample account has 2,000 apps. */
const sampleApps = 2000;

let entries: readonly CatalogueEntry[] | undefined;

/** Real Steam apps, with the IGDB games they belong to: special cases first, then games. */
export function realEntries(): readonly CatalogueEntry[] {
  entries ??= readEntries();
  return entries;
}

function readEntries(): CatalogueEntry[] {
  const lines = readFileSync(new URL('./steam-games.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const games = lines.map((line): CatalogueEntry => {
    const entry = JSON.parse(line) as CatalogueEntry;
    const alsoLinked = furtherLinks[entry.appid];
    return alsoLinked ? { ...entry, alsoLinked } : entry;
  });
  const again = secondAppids.map(({ entry, sameGameAs }): CatalogueEntry => {
    const igdb = games.find((game) => game.appid === sameGameAs)?.igdb;
    return igdb ? { ...entry, igdb } : entry;
  });
  return [...specialCases, ...again, ...games];
}

let sample: Catalogue | undefined;

/** Every real app, and generated ones up to 2,000. */
export function sampleCatalogue(): Catalogue {
  const real = realEntries();
  sample ??= assembleCatalogue([...real, ...syntheticEntries({ apps: sampleApps - real.length })]);
  return sample;
}
