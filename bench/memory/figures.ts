import type { Figure } from '../figure.ts';

/** Peak resident memory of a function in a process of its own, with 100,000 rows. */
export const rows = 100_000;

export const names = {
  load: 'load of 100,000 rows, peak',
  enrichment: 'enrichment of 100,000 apps, peak',
};

export const figures: readonly Figure[] = [
  {
    figure: names.load,
    against: 'a heap of 144 MB, as under 256 MB of memory',
    unit: 'megabytes',
    target: { atMost: 256 },
    slow: true,
  },
  {
    figure: names.enrichment,
    against: 'a heap of 560 MB, as under 1 GiB of memory',
    unit: 'megabytes',
    target: { atMost: 256 },
    reason:
      'The games of 5,000 apps are held at a time, so that ten questions share each request; 2,000 would need less memory and more of the four requests a second. The function has 1 GiB.',
    slow: true,
  },
];
