import type { Figure } from '../figure.ts';

/** How fast a library gets into PostgreSQL. */
export const sizes = [10_000, 50_000] as const;
export type Size = (typeof sizes)[number];

const rows = (size: Size): string => `${size.toLocaleString('en')} rows`;
/** The larger size takes minutes. */
const slow = (size: Size) => (size > 10_000 ? ({ slow: true } as const) : {});

export const names = {
  first: (size: Size) => `first import, ${rows(size)}`,
  old: `old statements, ${rows(10_000)}`,
  again: (size: Size) => `the same import again, ${rows(size)}`,
  againWal: (size: Size) => `WAL of the same import again, ${rows(size)}`,
  newer: (size: Size) => `a newer import, same contents, ${rows(size)}`,
  newerWal: (size: Size) => `WAL of a newer import, same contents, ${rows(size)}`,
  touched: 'library rows updated, deleted or dead after both',
};

const reason =
  'A load works in two processes at once, this one and PostgreSQL, where COPY and a first import of many games wait for one alone: a machine that is busy otherwise slows it more.';

export const figures: readonly Figure[] = [
  ...sizes.map((size) => ({
    figure: names.first(size),
    against: 'COPY into the same tables',
    unit: 'ratio' as const,
    target: { atMost: 1.25 },
    reason,
    ...slow(size),
  })),
  {
    figure: names.old,
    against: 'first import',
    unit: 'ratio',
    target: { atLeast: 60 },
    reason:
      'The old statements are bound by their 240,000 round trips and the load by its work, so this is a ratio of the machine’s more than of the load’s: with the statements and columns of the day before it was 68 on one machine and 35 on this one.',
    slow: true,
  },
  ...sizes.flatMap((size): Figure[] => [
    {
      figure: names.again(size),
      against: 'first import',
      unit: 'ratio',
      target: { atMost: 0.4 },
      reason,
      ...slow(size),
    },
    { figure: names.againWal(size), unit: 'megabytes', target: { below: 1 }, ...slow(size) },
    {
      figure: names.newer(size),
      against: 'first import',
      unit: 'ratio',
      target: { atMost: 0.4 },
      reason,
      ...slow(size),
    },
    { figure: names.newerWal(size), unit: 'megabytes', target: { below: 1 }, ...slow(size) },
  ]),
  { figure: names.touched, unit: 'count', target: { atMost: 0 } },
];
