import type { Figure } from '../figure.ts';

/** What a function's process reads at its start, and how long it takes until the handler can be called. */

export type DeployedFunction = {
  name: string;
  atMostKilobytes?: number;
  atMostTimes?: number;
  reason?: string;
};

/** In the order of the flow. */
export const functions: readonly DeployedFunction[] = [
  {
    name: 'api',
    atMostTimes: 3,
    reason:
      'Node with the S3 client and nothing else takes 2.8 ×. That could be loaded at the first call, which would make the figure better and the answer later: a function has the whole processor while it starts, and a third of one afterwards.',
  },
  { name: 'authorizer' },
  { name: 'steam-import', atMostTimes: 4 },
  {
    name: 'igdb-enrichment',
    atMostKilobytes: 525,
    atMostTimes: 4,
    reason: 'The S3 client alone takes 2.8 ×, and the look-up with its schemas is the largest of the rest.',
  },
  { name: 'database-import', atMostKilobytes: 750, atMostTimes: 4 },
  { name: 'migrate' },
  { name: 'reconcile' },
];

export const names = {
  size: (name: string) => `${name}: read at start`,
  start: (name: string) => `${name}: process start to handler`,
};

const target = (atMost: number | undefined) => (atMost === undefined ? {} : { target: { atMost } });

export const figures: readonly Figure[] = [
  ...functions.map(
    ({ name, atMostKilobytes }): Figure => ({
      figure: names.size(name),
      unit: 'kilobytes',
      ...target(atMostKilobytes),
    }),
  ),
  ...functions.map(
    ({ name, atMostTimes, reason }): Figure => ({
      figure: names.start(name),
      against: 'an empty handler',
      unit: 'ratio',
      ...target(atMostTimes),
      ...(reason && { reason }),
    }),
  ),
];
