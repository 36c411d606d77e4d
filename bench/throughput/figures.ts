import type { Figure } from '../figure.ts';

/** How many imports of libraries whose apps are known a whole stack does. */
export const libraries = { quick: 200, full: 1000 };
export const appsEach = 40;

export const names = {
  rate: 'libraries of 40 known apps, all posted at once',
};

export const figures: readonly Figure[] = [
  {
    figure: names.rate,
    against: 'one embedded stack, the topology’s concurrency, 120 ms of Steam',
    unit: 'per-second',
    target: { atLeast: 20 },
    reason:
      'The first bottleneck is the processor: one thread does the work of S3, SQS, the API and all stages, some 33 requests to S3 and SQS an import, each signed, sent and answered there. Neither Steam, at five calls at once, nor IGDB nor PostgreSQL is waited for.',
  },
];
