import type { Measure, Run } from '../bench.ts';
import { lineCharts } from '../plot/line-chart.ts';
import { measuredOn, seconds } from '../report.ts';
import { badlyLinked, knownByUid, mixed, thirdWithoutUid } from './catalogues.ts';
import { names } from './figures.ts';
import { type EnrichmentCost, measureEnrichment, measureOneRequestPerApp } from './measure-enrichment.ts';

/** As many apps as are really sent one by one; at 4 requests a second, 30,000 would take more than two hours. */
const appsOneByOne = 100;
/** For the curves; the last is near the simulators' end. */
const sizes = [100, 300, 1000, 3000, 10_000, 30_000];

export const measure: Measure = async ({ quick, tell }) => {
  tell(`${appsOneByOne} apps with one request each`);
  const secondsPerApp = await measureOneRequestPerApp(appsOneByOne);
  const cases = [
    { name: names.known, catalogue: knownByUid(1000) },
    { name: names.mixed, catalogue: mixed(1000) },
    { name: names.badlyLinked, catalogue: badlyLinked(456) },
    { name: names.third, catalogue: thirdWithoutUid(3000) },
  ];
  const costs = new Map<string, EnrichmentCost>();
  for (const { name, catalogue } of cases) {
    tell(name);
    costs.set(name, await measureEnrichment(catalogue));
  }
  const curve = quick ? [] : await measureCurve(tell);
  const faster = (apps: number, cost: EnrichmentCost) => ({
    value: (apps * secondsPerApp) / cost.seconds,
    detail: `${seconds(apps * secondsPerApp)} / ${seconds(cost.seconds)}`,
  });
  const many = curve.find(({ apps }) => apps === 30_000);
  return {
    measured: {
      ...Object.fromEntries(
        [...costs].map(([name, cost]) => [
          name,
          { value: cost.requests, detail: `${seconds(cost.seconds)}, ${cost.matched} matched` },
        ]),
      ),
      [names.refused]: { value: [...costs.values()].reduce((sum, { refused }) => sum + refused, 0) },
      [names.thousandFaster]: faster(1000, costs.get(names.mixed)!),
      ...(many && { [names.manyFaster]: faster(30_000, many) }),
    },
    ...(curve.length > 0 && { plots: { 'library-size.svg': drawCurves(curve, secondsPerApp) } }),
  };
};

type Point = EnrichmentCost & { apps: number };

async function measureCurve(tell: Run['tell']): Promise<Point[]> {
  const points: Point[] = [];
  for (const apps of sizes) {
    tell(`a mixed library of ${apps.toLocaleString('en')} apps, for the plot`);
    points.push({ apps, ...(await measureEnrichment(mixed(apps))) });
  }
  return points;
}

function drawCurves(curve: readonly Point[], secondsPerApp: number): string {
  const x = 'apps in the library';
  return lineCharts(
    'Looking up a library',
    `Time and requests to IGDB of one enrichment, from ${sizes[0]} to ${sizes.at(-1)} apps that nobody looked up before, against one request an app; and the time when they are known. Both axes are logarithmic.`,
    [
      {
        title: 'Time',
        x,
        y: 'seconds',
        series: [
          {
            name: 'one an app',
            color: 'orange',
            dashed: true,
            points: sizes.map((apps) => [apps, apps * secondsPerApp]),
          },
          { name: 'Savepoint', color: 'blue', points: curve.map(({ apps, seconds }) => [apps, seconds]) },
          {
            name: '… known before',
            color: 'green',
            points: curve.map(({ apps, againSeconds }) => [apps, againSeconds]),
          },
        ],
      },
      {
        title: 'Requests to IGDB',
        x,
        y: 'requests',
        series: [
          { name: 'one an app', color: 'orange', dashed: true, points: sizes.map((apps) => [apps, apps]) },
          { name: 'Savepoint', color: 'blue', points: curve.map(({ apps, requests }) => [apps, requests]) },
        ],
      },
    ],
    `${measuredOn()} 4 requests a second, 120 ms each. Dashed: computed from ${appsOneByOne} that were sent.`,
  );
}
