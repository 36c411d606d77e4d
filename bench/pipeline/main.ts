/**
 * How long people wait: for the demo, for the stack, for an import. Medians of runs that take turns, so that a busy
 * moment of the machine hits all of them. `npm run bench:pipeline`, a few minutes; `-- --rounds 1` for one of each.
 */
import { parseArgs } from 'node:util';
import { count, machineLine, markdownTable, median, seconds } from '../report.ts';
import { type ImportTimes, measureImports } from './imports.ts';
import { measureDemo, measureStart } from './programs.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
const rounds = Number(values.rounds);
const igdbRequestsPerSecond = 4;

const cases = [
  { libraries: 1, apps: 180, target: '' },
  { libraries: 1, apps: 1000, target: '< 5 s' },
  { libraries: 1, apps: 2000, target: '' },
  { libraries: 50, apps: 1000, target: '' },
];
const demos: number[] = [];
const colds: number[] = [];
const warms: number[] = [];
const imports: ImportTimes[][] = cases.map(() => []);

for (let round = 0; round < rounds; round++) {
  demos.push(await measureDemo());
  const { cold, warm } = await measureStart();
  colds.push(cold);
  warms.push(warm);
  for (const [index, { libraries, apps }] of cases.entries())
    imports[index]?.push(await measureImports(libraries, apps));
}

const programRow = (what: string, runs: readonly number[], target: string): string[] => [
  what,
  seconds(median(runs)),
  `${seconds(Math.min(...runs))} to ${seconds(Math.max(...runs))}`,
  target,
];
console.log(
  markdownTable([
    ['program', 'median', 'from … to', 'target'],
    programRow('demo, start to exit', demos, '< 15 s'),
    programRow('stack ready, no data yet', colds, '< 3 s'),
    programRow('stack ready, data there', warms, '< 3 s'),
  ]),
);

const importRow = ({ libraries, apps, target }: (typeof cases)[number], runs: readonly ImportTimes[]) => {
  const last = runs.map(({ lastSeconds }) => lastSeconds);
  const oneByOne = (libraries * apps) / igdbRequestsPerSecond;
  return [
    libraries === 1 ? `${count(apps)} apps` : `${libraries} libraries of ${count(apps)} apps at once`,
    libraries === 1 ? '' : seconds(median(runs.map(({ firstSeconds }) => firstSeconds))),
    seconds(median(last)),
    `${seconds(Math.min(...last))} to ${seconds(Math.max(...last))}`,
    target,
    count(median(runs.map(({ igdbRequests }) => igdbRequests))),
    `${count(oneByOne / median(last))} ×`,
  ];
};
console.log(
  `\n${markdownTable([
    [
      'POST to committed rows',
      'first, median',
      'last, median',
      'from … to',
      'target',
      'IGDB requests',
      'faster than one request an app',
    ],
    ...cases.map((one, index) => importRow(one, imports[index] ?? [])),
  ])}`,
);
console.log(
  `\n${rounds} rounds. IGDB allows 4 requests a second; one request an app is computed from that limit alone.\n${machineLine()}`,
);
