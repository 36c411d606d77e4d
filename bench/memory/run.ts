import type { Measure } from '../bench.ts';
import { startDatabases } from '../load/databases.ts';
import { count, seconds } from '../report.ts';
import { measureMemory } from './enrichment-memory.ts';
import { names, rows } from './figures.ts';
import { measurePeakMemory } from './load-memory.ts';

/**
 * Node sizes its heap by the machine's memory, and the more it may have, the longer it keeps garbage. This is what
 * Node 24 allows itself under a memory limit of 1 GiB, which is the function's.
 */
const heapOfFunction = ['--max-heap-size=560'];

export const measure: Measure = async ({ quick, tell }) => {
  if (quick) return { measured: {} };
  tell('enrichment of 100,000 apps');
  const enrichment = await measureMemory(rows, heapOfFunction);
  tell('load of 100,000 rows');
  const databases = await startDatabases();
  try {
    return {
      measured: {
        [names.load]: { value: await measurePeakMemory(databases, rows) },
        [names.enrichment]: {
          value: enrichment.peakMegabytes,
          detail: `${count(enrichment.matched)} matched, ${seconds(enrichment.seconds)}`,
        },
      },
    };
  } finally {
    await databases.close();
  }
};
