import type { Figure } from '../figure.ts';

/** What the console costs who looks at it, in a real browser. */
export const apps = 5000;

export const pages = [
  'pipeline',
  'import',
  'library',
  'dead letters',
  'follows',
  'overrides',
  'health',
] as const;
export type PageName = (typeof pages)[number];

const library = `library of ${apps.toLocaleString('en')} apps`;
export const names = {
  size: 'all files of the console, packed',
  pipeline: 'pipeline: opened until its queues are shown',
  library: `${library}: opened until its covers are shown`,
  task: `${library}: longest task while it is scrolled through, of the processor`,
  tiles: `${library}: most tiles in the page`,
  idle: (page: PageName) => `${page}: requests a minute, nothing under way`,
  busy: (page: PageName) => `${page}: requests a minute, an import under way`,
  hidden: 'all pages together: requests a minute, in hidden tabs',
};

const requests = (figure: string): Figure => ({ figure, unit: 'count', slow: true });

export const figures: readonly Figure[] = [
  { figure: names.size, unit: 'kilobytes', target: { atMost: 90 } },
  { figure: names.pipeline, unit: 'seconds', target: { below: 1 } },
  { figure: names.library, unit: 'seconds', target: { below: 1 } },
  {
    figure: names.task,
    unit: 'milliseconds',
    target: { atMost: 50 },
    reason:
      'Painting: of a task of 54 ms that was looked into, 28 were spent on painting the tiles, 8 on their layout and 4 in scripts. The simulators’ covers are SVG; what photographs cost was not measured.',
  },
  { figure: names.tiles, unit: 'count', target: { atMost: 300 } },
  ...pages.map((page) => requests(names.idle(page))),
  ...pages.map((page) => requests(names.busy(page))),
  { ...requests(names.hidden), target: { atMost: 0 } },
];
