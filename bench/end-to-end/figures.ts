import type { Figure } from '../figure.ts';

/** A first import, against what its parts cost where nothing decides, waits or is written down. */
export const sizes = [100, 1000, 10_000];

export const nameOf = (apps: number): string => `${apps.toLocaleString('en')} apps, first time, POST to rows`;

export const figures: readonly Figure[] = sizes.map((apps) => ({
  figure: nameOf(apps),
  against: 'the sum of the floors of its parts',
  unit: 'ratio',
  target: { atMost: 1.5 },
  reason:
    'Requests to IGDB are spaced evenly, a quarter of a second apart, where the floor sends four in a row; and each stage writes its status before and after its work.',
  ...(apps > 1000 && { slow: true as const }),
}));
