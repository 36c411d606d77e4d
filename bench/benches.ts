import type { Bench } from './bench.ts';
import { figures as capacity } from './capacity/figures.ts';
import { figures as consolePages } from './console/figures.ts';
import { figures as endToEnd } from './end-to-end/figures.ts';
import { figures as load } from './load/figures.ts';
import { figures as lock } from './lock/figures.ts';
import { figures as memory } from './memory/figures.ts';
import { figures as requests } from './requests/figures.ts';
import { figures as starts } from './starts/figures.ts';
import { figures as throughput } from './throughput/figures.ts';
import { figures as waiting } from './waiting/figures.ts';

const performance = 'docs/performance.md';

/** In the order in which they are measured. */
export const benches: readonly Bench[] = [
  { name: 'starts', page: performance, figures: starts, load: () => import('./starts/run.ts') },
  { name: 'requests', page: performance, figures: requests, load: () => import('./requests/run.ts') },
  { name: 'waiting', page: performance, figures: waiting, load: () => import('./waiting/run.ts') },
  { name: 'end-to-end', page: performance, figures: endToEnd, load: () => import('./end-to-end/run.ts') },
  { name: 'throughput', page: performance, figures: throughput, load: () => import('./throughput/run.ts') },
  { name: 'memory', page: performance, figures: memory, load: () => import('./memory/run.ts') },
  { name: 'console', page: performance, figures: consolePages, load: () => import('./console/run.ts') },
  { name: 'load', page: 'docs/database.md', figures: load, load: () => import('./load/run.ts') },
  { name: 'lock', page: 'docs/database.md', figures: lock, load: () => import('./lock/run.ts') },
  {
    name: 'capacity',
    page: 'docs/capacity.md',
    figures: capacity,
    load: () => import('./capacity/run.ts'),
  },
];
