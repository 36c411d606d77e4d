import type { Figure } from '../figure.ts';
import { limits } from './limits.ts';

/** How many imports a day the pipeline takes, and which limit is the first to end that. Computed, not measured. */
export const volumes = [1000, 100_000, 10_000_000] as const;
export type Volume = (typeof volumes)[number];
const many = (volume: number) => volume.toLocaleString('en');

export const names = {
  requests: (volume: Volume) => `${many(volume)} imports a day: requests to IGDB for 1,000 of them`,
  limit: (limit: string) => `imports a day at most, by ${limit}`,
  enrichment: 'imports a day at most, by enrichment: two at once, which share IGDB’s limit',
  noMemory: '… without the memory of apps',
  largerMemory: '… with a memory of 40,000 apps',
  largerBatches: '… with that, eight at once, and 100 imports an invocation',
};

const count = (figure: string): Figure => ({ figure, unit: 'count' });

export const figures: readonly Figure[] = [
  ...volumes.map((volume) => count(names.requests(volume))),
  ...limits.map(({ name }) => count(names.limit(name))),
  count(names.enrichment),
  count(names.noMemory),
  count(names.largerMemory),
  count(names.largerBatches),
];
