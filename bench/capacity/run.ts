import { defaultMemory } from '@savepoint/core/enrichment/lookup-memory.ts';
import type { Measure } from '../bench.ts';
import { lineCharts, type Series } from '../plot/line-chart.ts';
import { count } from '../report.ts';
import { names, volumes } from './figures.ts';
import { limits, loadLock, s3Prefix, steamImport, steamKey } from './limits.ts';
import { type Outcome, type Scenario, simulate, today } from './simulate.ts';

const largerMemory = { ...defaultMemory, maxApps: 40_000 };
/** More than can be served: what comes through is the most that does. */
const tooMany = 10_000_000;
const plotted = [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000];

const simulateWith = (importsPerDay: number, change: Partial<Scenario> = {}): Outcome =>
  simulate({ ...today, ...change, importsPerDay });

export const measure: Measure = async ({ tell }) => {
  tell('imports of a day, by volume and memory');
  const served = (change: Partial<Scenario>) => ({ value: simulateWith(tooMany, change).servedPerDay });
  const requests = volumes.map((volume) => {
    const [kept, none] = [simulateWith(volume), simulateWith(volume, { memory: null })];
    return [
      names.requests(volume),
      {
        value: 1000 * kept.requestsPerImport,
        detail: `${count(1000 * none.requestsPerImport)} without the memory; ${(100 * kept.askedShare).toFixed(1)} % of the apps`,
      },
    ];
  });
  return {
    measured: {
      ...Object.fromEntries(requests),
      ...Object.fromEntries(
        limits.map(({ name, importsPerDay }) => [names.limit(name), { value: importsPerDay }]),
      ),
      [names.enrichment]: served({}),
      [names.noMemory]: served({ memory: null }),
      [names.largerMemory]: served({ memory: largerMemory }),
      [names.largerBatches]: served({ memory: largerMemory, instances: 8, batch: 100 }),
    },
    plots: { 'capacity.svg': drawPlot() },
  };
};

function drawPlot(): string {
  const requestsWith = (change: Partial<Scenario>) =>
    plotted.map((volume) => [volume, simulateWith(volume, change).requestsPerImport] as const);
  const enrichment = simulateWith(tooMany).servedPerDay;
  const used = (name: string, color: Series['color'], most: number): Series => ({
    name,
    color,
    dashed: true,
    points: plotted.map((volume) => [volume, volume / most] as const).filter(([, share]) => share >= 0.001),
  });
  return lineCharts(
    'How far it goes',
    'How much of each limit is used, and requests to IGDB for each import, from 1,000 to 10 million imports a day.',
    [
      {
        title: 'Used of each limit, busiest hour',
        x: 'imports a day',
        y: 'share',
        limits: [{ name: 'all of it', y: 1 }],
        series: [
          used('a Steam key', 'red', steamKey.importsPerDay),
          used('enrichment', 'blue', enrichment),
          used('steam-import', 'orange', steamImport.importsPerDay),
          used('the load’s lock', 'purple', loadLock.importsPerDay),
          used('S3', 'green', s3Prefix.importsPerDay),
        ],
      },
      {
        title: 'Requests to IGDB an import',
        x: 'imports a day',
        y: 'requests',
        series: [
          { name: 'no memory', color: 'orange', points: requestsWith({ memory: null }) },
          { name: 'Savepoint', color: 'blue', points: requestsWith({}) },
          { name: '40,000 apps', color: 'green', points: requestsWith({ memory: largerMemory }) },
        ],
      },
    ],
    'Simulated, with the batches, the memory and the topology of the product.',
  );
}
