import type { Figure } from '../figure.ts';

/** How long people wait, and what of IGDB that costs: from `POST /imports` until rows can be read. */
export const names = {
  first: '1,000 apps, first time ever, POST to rows',
  sameRequests: 'the same library again, new process: requests to IGDB',
  same: 'the same library again, new process: POST to rows',
  otherRequests: "another person's with the same 1,000 apps, new process: requests to IGDB",
  other: "another person's with the same 1,000 apps, new process: POST to rows",
  crowdRequests: '50 libraries of 1,000 apps at once, first time ever: requests to IGDB',
  crowd: '50 libraries of 1,000 apps at once, first time ever: POST to last rows',
  demo: 'demo, start to exit',
  cold: 'stack ready, no data yet',
  warm: 'stack ready, data there',
  version: 'savepoint --version',
  command: 'the slowest local command of savepoint',
};

export const figures: readonly Figure[] = [
  { figure: names.first, unit: 'seconds', target: { below: 5 } },
  { figure: names.sameRequests, unit: 'count', target: { atMost: 0 } },
  { figure: names.same, unit: 'seconds', target: { atMost: 1 } },
  { figure: names.otherRequests, unit: 'count', target: { atMost: 0 } },
  { figure: names.other, unit: 'seconds', target: { atMost: 1 } },
  {
    figure: names.crowdRequests,
    against: 'one request an app: 50,000',
    unit: 'count',
    target: { atMost: 41 },
    slow: true,
  },
  {
    figure: names.crowd,
    against: 'one request an app, computed from the limit: 3 h 28 min',
    unit: 'seconds',
    target: { atMost: 14 },
    reason:
      'Not IGDB, whose requests would be done in 5 s: one process does the work of S3, SQS, the API and all stages, and shares the processor with PostgreSQL, the simulators and whatever else runs.',
    slow: true,
  },
  { figure: names.demo, unit: 'seconds', target: { below: 15 } },
  { figure: names.cold, unit: 'seconds', target: { below: 3 } },
  { figure: names.warm, unit: 'seconds', target: { below: 3 } },
  { figure: names.version, unit: 'seconds', target: { below: 0.4 } },
  { figure: names.command, unit: 'seconds', target: { below: 1 } },
];
